import { randomId } from './random-id.js';

/** What callers may send as an id: it is echoed and logged, so it is short and needs no escapes in JSON. */
const REQUEST_ID = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/** The id of a request: the one that its caller offers, where that is fit to be one. */
export function requestIdOf(offered: unknown): string {
  return typeof offered === 'string' && REQUEST_ID.test(offered) ? offered : randomId();
}
