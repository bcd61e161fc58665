import type { Scope } from '../routes/scope.js';

/** Who asks, once it is proven. */
export interface Caller {
  /** Of the key or the token's subject: fit to be logged. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
}
