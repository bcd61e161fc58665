/** Whose tokens are believed, and what they must say. */
export interface TokenOptions {
  /** Where the keys of the issuer are: https, or http on this machine. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Separated by commas. */
  readonly algorithms: string;
  /** The claim that holds the scopes: a list, or a text with blanks between them. */
  readonly scopeClaim: string;
}
