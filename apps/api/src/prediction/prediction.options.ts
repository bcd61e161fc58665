export const PREDICTION_OPTIONS = Symbol('PREDICTION_OPTIONS');

export interface PredictionOptions {
  /** The maximum number of instances in a batch. */
  readonly maxInstances: number;
  /** The maximum size in bytes of a body, or of a line of a stream. */
  readonly bodyLimitBytes: number;
}
