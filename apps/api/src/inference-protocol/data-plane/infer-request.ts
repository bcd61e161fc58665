import type { NamedTensor } from '../tensors/tensor.js';

/** An inference as both faces ask for it. */
export interface InferRequest {
  readonly id?: string;
  /** By what a rollout's split is made, where the caller says so. */
  readonly routingKey?: string;
  /** What the caller calls the one row of the request. */
  readonly externalId?: string | number | boolean;
  readonly inputs: readonly NamedTensor[];
  /** Names of the outputs to answer, in order; all when not given. */
  readonly outputs?: readonly string[];
}

/** What the model answered, and which model that was. */
export interface InferResult {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly outputs: readonly NamedTensor[];
}
