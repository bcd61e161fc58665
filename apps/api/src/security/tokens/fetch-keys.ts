import { isObject } from '../../http/is-object.js';

/** Key sets hold some keys of some hundred bytes each. */
const MAX_BYTES = 1_048_576;
/** How long an issuer is left in peace after it could not be had. */
const PAUSE_MILLISECONDS = 5_000;

export type KeyFetch = (url: string, options: RequestInit) => Promise<Response>;

/**
 * Fetches key sets as `fetch` does, but no more than one may hold, and not again for a while after a failure: who sends
 * tokens shall not make this server ask its issuer for each.
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

/** @throws Error when the answer is larger than a key set may be, or is none */
async function fetchKeys(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (!response.ok || response.body === null) throw new Error(`the issuer answers ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`the key set is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  const keySet = JSON.parse(body.toString()) as unknown;
  if (!isObject(keySet) || !Array.isArray(keySet.keys)) throw new Error('the issuer answers no key set');
  return new Response(body, { status: response.status, headers: response.headers });
}
