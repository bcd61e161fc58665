/** What a caller may do. None includes another: a key holds exactly the scopes it is given. */
export const SCOPES = ['predict', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

/** Who asks, once it is proven. */
export interface Caller {
  /** Of the key or the token's subject: fit to be logged. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
}
