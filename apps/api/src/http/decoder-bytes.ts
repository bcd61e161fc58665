/** State, window and buffers of a gzip or deflate decoder; for other decoders, everything except the window. */
const BASE_BYTES = 65_536;

/**
 * The bytes that a decoder holds while it lives, estimated from the first byte of its input.
 *
 * @param encoding lower-case name of a Content-Encoding
 */
export function decoderBytes(encoding: string, first: number): number {
  return encoding === 'br' ? BASE_BYTES + 2 ** windowBits(first) : BASE_BYTES;
}

/** WBITS of a Brotli stream: 10 to 24 (RFC 7932, section 9.1). */
function windowBits(first: number): number {
  if ((first & 1) === 0) return 16;
  const upper = (first >> 1) & 7;
  if (upper > 0) return 17 + upper;
  const lower = (first >> 4) & 7;
  return lower > 0 ? 8 + lower : 17;
}
