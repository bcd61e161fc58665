export const PREDICTION_OPTIONS = Symbol('PREDICTION_OPTIONS');

export interface PredictionOptions {
  /** The most instances that one batch may hold. */
  readonly maxInstances: number;
}
