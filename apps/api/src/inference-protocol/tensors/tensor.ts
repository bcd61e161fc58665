export type { Datatype, NamedTensor, TensorData, TensorSpec } from '#runtime';
