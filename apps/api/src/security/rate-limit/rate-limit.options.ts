export interface RateLimitOptions {
  /** Requests per caller and window; 0 disables the limit. */
  readonly requests: number;
  /** Length of the window. */
  readonly seconds: number;
}
