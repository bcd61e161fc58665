import type { Bundle, ClassLabel } from '#bundle';

/** Which version of which model. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
}

/** Rows that a model has answered. Every list has them from `start` on. */
export interface AnsweredRows {
  readonly start: number;
  readonly rows: number;
  /** Of the predictions: UUIDv7, 16 bytes each. */
  readonly ids: Uint8Array;
  readonly labels: readonly ClassLabel[];
  /** Which of the labels was predicted; nothing in a regression. */
  readonly classIndices: ArrayLike<number>;
  /** As they were reported; nothing in a regression. */
  readonly probabilities: ArrayLike<number>;
  /** What a regression says. */
  readonly values?: ArrayLike<number>;
  /** Requests that these rows came with, 0 where an earlier part of their batch has counted. */
  readonly calls: number;
  /** What the model was asked with: a column for each raw input, in schema order; or single rows, each with all of them. */
  readonly asked: { readonly columns: readonly Float64Array[] } | { readonly rows: readonly (readonly number[])[] };
  /** What callers call their rows, where any of them did. */
  readonly externalIds?: readonly (string | undefined)[];
}

/** Is notified of work as it is done, to count, time or trace it. Its methods are called on hot paths and must not throw. */
export interface InferenceObserver {
  /** Gives what names the request of now to `ran`, where rows of several requests share a run. */
  readonly mark?: () => unknown;
  /** A body became raw columns. */
  validated(milliseconds: number): void;
  /**
   * A model computed rows in one run of ONNX Runtime, after their features.
   *
   * @param marks one for each row, where they are of several requests and there is `mark`
   */
  ran(
    model: ModelIdentity,
    rows: number,
    featuresMilliseconds: number,
    inferenceMilliseconds: number,
    marks?: readonly unknown[],
  ): void;
  /** A model answered rows: those of a turn, or a chunk of a batch; never one that was refused. */
  scored?(model: ModelIdentity, answered: AnsweredRows): void;
  /** A version is ready to answer rows. */
  opened?(bundle: Bundle): void;
  /** It answers no more. */
  closed?(model: ModelIdentity): void;
  /** So many rows came under way; negative when they left. */
  pending(rows: number): void;
  /** An attempt to load a model has ended. @param model its name, empty where not even that is known */
  loaded(model: string, outcome: 'success' | 'failure'): void;
  /** A model was asked about so many values of a column that its vocabulary does not hold: 0 when the model is loaded. */
  unknown(model: ModelIdentity, column: string, values: number): void;
}

/** Takes no notice. */
export const UNOBSERVED: InferenceObserver = {
  validated: () => undefined,
  ran: () => undefined,
  pending: () => undefined,
  loaded: () => undefined,
  unknown: () => undefined,
};

export const INFERENCE_OBSERVER = Symbol('INFERENCE_OBSERVER');
