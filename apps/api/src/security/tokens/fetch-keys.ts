/** Key sets hold some keys of some hundred bytes each. */
const MAX_BYTES = 1_048_576;

/**
 * Fetches a key set as `fetch` does, but no more than it may hold.
 *
 * @throws Error when it is larger
 */
export async function fetchKeys(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (!response.ok || response.body === null) return response;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`the key set is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status: response.status, headers: response.headers });
}
