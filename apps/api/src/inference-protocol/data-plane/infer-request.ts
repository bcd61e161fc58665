import type { NamedTensor } from '../tensors/tensor.js';

/** An inference request, independent of the transport. */
export interface InferRequest {
  readonly id?: string;
  /** The key that decides a rollout's split, if the caller sent one. */
  readonly routingKey?: string;
  /** The caller's id of the only row of the request. */
  readonly externalId?: string | number | boolean;
  readonly inputs: readonly NamedTensor[];
  /** Names of the outputs to answer, in order; all when not given. */
  readonly outputs?: readonly string[];
}

/** The answer of a model, and its identity. */
export interface InferResult {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly outputs: readonly NamedTensor[];
}
