import type { Bundle, ClassLabel } from '#bundle';

/** Identifies a version of a model. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
}

/** Rows that a model has predicted. In every list they start at `start`. */
export interface AnsweredRows {
  readonly start: number;
  readonly rows: number;
  /** Prediction ids: UUIDv7, 16 bytes each. */
  readonly ids: Uint8Array;
  readonly labels: readonly ClassLabel[];
  /** Indices of the predicted labels; empty for a regression. */
  readonly classIndices: ArrayLike<number>;
  /** The reported probabilities; empty for a regression. */
  readonly probabilities: ArrayLike<number>;
  /** Predicted numbers of a regression. */
  readonly values?: ArrayLike<number>;
  /** Number of requests of these rows; 0 where an earlier part of the same batch has counted it. */
  readonly calls: number;
  /** The raw input: one column for each raw input, in schema order; or single rows, each with all inputs. */
  readonly asked: { readonly columns: readonly Float64Array[] } | { readonly rows: readonly (readonly number[])[] };
  /** The clients' own ids, where any row has one. */
  readonly externalIds?: readonly (string | undefined)[];
}

/** Observes work to count, time or trace it. Its methods are called on hot paths and must not throw. */
export interface InferenceObserver {
  /** Returns an identifier of the current request, which is passed to `ran` where several requests share a run. */
  readonly mark?: () => unknown;
  /** A request body was converted to raw columns. */
  validated(milliseconds: number): void;
  /**
   * A model computed rows in one run, after their features.
   *
   * @param marks one for each row, where rows of several requests share the run and `mark` is defined
   */
  ran(
    model: ModelIdentity,
    rows: number,
    featuresMilliseconds: number,
    inferenceMilliseconds: number,
    marks?: readonly unknown[],
  ): void;
  /** A model predicted rows: those of one turn of the event loop, or a chunk of a batch; rejected rows are excluded. */
  scored?(model: ModelIdentity, answered: AnsweredRows): void;
  /** A version is ready to serve. */
  opened?(bundle: Bundle): void;
  /** A version has stopped serving. */
  closed?(model: ModelIdentity): void;
  /** The number of rows in progress changed by `rows`. */
  pending(rows: number): void;
  /** An attempt to load a model has ended. @param model its name; empty where it is unknown */
  loaded(model: string, outcome: 'success' | 'failure'): void;
  /** A number of values of a column were outside of its vocabulary; called with 0 when the model is loaded. */
  unknown(model: ModelIdentity, column: string, values: number): void;
}

/** Ignores everything. */
export const UNOBSERVED: InferenceObserver = {
  validated: () => undefined,
  ran: () => undefined,
  pending: () => undefined,
  loaded: () => undefined,
  unknown: () => undefined,
};

export const INFERENCE_OBSERVER = Symbol('INFERENCE_OBSERVER');
