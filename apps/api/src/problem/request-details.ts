/** Details for requests that Node itself refuses. */
export const HEADERS_TOO_LARGE =
  'Send fewer or shorter header fields; the limit is server.maxHeaderBytes (MAX_HEADER_BYTES).';
export const TOO_SLOW =
  'Send the request faster: its header fields within server.headersTimeoutSeconds (HEADERS_TIMEOUT_SECONDS), all of it within server.requestTimeoutSeconds (REQUEST_TIMEOUT_SECONDS), its body at 1 KiB/s or more.';
