/** The accepted issuer of tokens, and the required claims. */
export interface TokenOptions {
  /** The URL of the issuer's keys: https, or http on this machine. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Separated by commas. */
  readonly algorithms: string;
  /** The claim that holds the scopes: a list, or a text separated by blanks. */
  readonly scopeClaim: string;
}
