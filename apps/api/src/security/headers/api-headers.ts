/**
 * What every answer carries besides its context, as names and values: browsers must not guess its type, show it in a frame, run or
 * load anything for it, lend it to other sites, or tell where they came from. What a page sets itself stays.
 *
 * Not Strict-Transport-Security: this server speaks plain HTTP, where browsers must ignore it (RFC 6797); it belongs to the
 * proxy that ends TLS.
 */
export const API_HEADERS: readonly string[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
].flat();
