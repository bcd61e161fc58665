export interface RateLimitOptions {
  /** How many requests a caller has in every window; 0 does not limit. */
  readonly requests: number;
  /** Length of the window. */
  readonly seconds: number;
}
