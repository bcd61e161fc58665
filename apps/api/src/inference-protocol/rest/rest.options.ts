export const REST_OPTIONS = Symbol('INFERENCE_REST_OPTIONS');

export interface RestOptions {
  /** The most a body may hold, also when unpacked. */
  readonly bodyLimitBytes: number;
}
