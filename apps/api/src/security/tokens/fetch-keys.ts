import { isObject } from '../../http/is-object.js';

/** Key sets hold a few keys of some hundred bytes each. */
const MAX_BYTES = 1_048_576;
/** Pause after a failure of the issuer. */
const PAUSE_MILLISECONDS = 5_000;

export type KeyFetch = (url: string, options: RequestInit) => Promise<Response>;

/**
 * Fetches key sets like `fetch`, but with a size limit and a pause after a failure, so that callers cannot make this
 * server query its issuer for every token.
 */
export function keyFetch(now: () => number = () => performance.now()): KeyFetch {
  let failed: { readonly error: unknown; readonly until: number } | undefined;
  return async (url, options) => {
    if (failed && now() < failed.until) throw failed.error;
    try {
      const response = await fetchKeys(url, options);
      failed = undefined;
      return response;
    } catch (error) {
      failed = { error, until: now() + PAUSE_MILLISECONDS };
      throw error;
    }
  };
}

/** @throws Error if the answer is too large or not a key set */
async function fetchKeys(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (!response.ok || response.body === null) throw new Error(`the issuer answered with ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest of the body.
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`the key set is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  const keySet = JSON.parse(body.toString()) as unknown;
  if (!isObject(keySet) || !Array.isArray(keySet.keys))
    throw new Error('the issuer answered with something other than a key set');
  return new Response(body, { status: response.status, headers: response.headers });
}
