export const PREDICTION_OPTIONS = Symbol('PREDICTION_OPTIONS');

export interface PredictionOptions {
  /** The most instances that one batch may hold. */
  readonly maxInstances: number;
  /** The most bytes that a body may hold, or a line of a stream. */
  readonly bodyLimitBytes: number;
}
