export const REST_OPTIONS = Symbol('INFERENCE_REST_OPTIONS');

export interface RestOptions {
  /** The maximum size of a body, before and after decompression. */
  readonly bodyLimitBytes: number;
}
