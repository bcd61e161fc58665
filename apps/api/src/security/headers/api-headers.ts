/**
 * Header names and values of every answer: browsers must not guess its type, show it in a frame, run or load anything
 * for it, share it with other origins, or send a referrer. Headers that a page sets itself take precedence.
 *
 * No Strict-Transport-Security: this server speaks plain HTTP, where browsers must ignore it (RFC 6797); it belongs to
 * the proxy that terminates TLS.
 */
export const API_HEADERS: readonly string[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
].flat();
