/** What a caller may do. None includes another: a key holds exactly the scopes it is given. */
export const SCOPES = ['predict', 'feedback', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

/** What a route takes; `open`: nothing, anybody may ask, and as often as they like. */
export type RequiredScope = Scope | 'open';
