/** The messages of inference.proto as proto-loader gives them: fields in snake case, 64-bit integers as text. */

/** Elements in the field of their datatype. */
export interface InferTensorContents {
  readonly bool_contents?: readonly boolean[];
  readonly int_contents?: readonly number[];
  readonly int64_contents?: readonly string[];
  readonly uint_contents?: readonly number[];
  readonly uint64_contents?: readonly string[];
  readonly fp32_contents?: readonly number[];
  readonly fp64_contents?: readonly number[];
  readonly bytes_contents?: readonly Uint8Array[];
}

export type ContentsField = keyof InferTensorContents;

export interface ModelVersionRequest {
  readonly name: string;
  /** Empty for the version that serves. */
  readonly version: string;
}

export interface ModelInferResponse {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly contents?: InferTensorContents;
  }[];
  readonly raw_output_contents: readonly Buffer[];
}

export interface RepositoryModelRequest {
  readonly model_name: string;
  readonly parameters: Readonly<Record<string, object>>;
}
