import type { Scope } from '../routes/scope.js';

/** An authenticated caller. */
export interface Caller {
  /** The id of the key or the token's subject; safe to log. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
}
