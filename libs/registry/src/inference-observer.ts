/** Is told of work as it is done: to count, time or trace it. Its methods are called on hot paths and must not throw. */
export interface InferenceObserver {
  /** A body became raw columns, or was refused. */
  validated(milliseconds: number): void;
  /** A model computed rows in one run of ONNX Runtime, after their features. */
  ran(model: string, rows: number, featuresMilliseconds: number, inferenceMilliseconds: number): void;
  /** So many rows came under way; negative when they left. */
  pending(rows: number): void;
  /** An attempt to load a model has ended. @param model its name, empty where not even that is known */
  loaded(model: string, outcome: 'success' | 'failure'): void;
}

/** Takes no notice. */
export const UNOBSERVED: InferenceObserver = {
  validated: () => undefined,
  ran: () => undefined,
  pending: () => undefined,
  loaded: () => undefined,
};

export const INFERENCE_OBSERVER = Symbol('INFERENCE_OBSERVER');
