export const MLFLOW_OPTIONS = Symbol('MLFLOW_OPTIONS');

export interface MlflowOptions {
  /** The maximum size of a body, before and after decompression. */
  readonly bodyLimitBytes: number;
  /** Version of this server, which `/version` answers. */
  readonly version: string;
}
