/** Permissions of a caller. None includes another: a key has exactly the scopes it was given. */
export const SCOPES = ['predict', 'feedback', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

/** The scope that a route requires; `open`: none, and no rate limit applies. */
export type RequiredScope = Scope | 'open';
