import { randomId } from './random-id.js';

/** Ids that callers may send: they are echoed and logged, so they must be short and need no escapes in JSON. */
const REQUEST_ID = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/** The id of a request: the caller's, if it is valid, otherwise a new one. */
export function requestIdOf(offered: unknown): string {
  return typeof offered === 'string' && REQUEST_ID.test(offered) ? offered : randomId();
}
