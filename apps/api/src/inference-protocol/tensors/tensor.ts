export type { Datatype, NamedTensor, TensorData, TensorSpec } from '#registry';
