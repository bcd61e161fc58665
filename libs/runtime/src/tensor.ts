/** Element types by the names of the Open Inference Protocol. */
export type Datatype =
  'BOOL' | 'UINT8' | 'UINT16' | 'UINT32' | 'UINT64' | 'INT8' | 'INT16' | 'INT32' | 'INT64' | 'FP32' | 'FP64' | 'BYTES';

/** Elements in row-major order; BOOL as 0 and 1, BYTES as texts. */
export type TensorData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly string[];

export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  /** -1 means any size. */
  readonly shape: readonly number[];
}

export interface NamedTensor extends TensorSpec {
  readonly data: TensorData;
}
