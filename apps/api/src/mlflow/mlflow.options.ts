export const MLFLOW_OPTIONS = Symbol('MLFLOW_OPTIONS');

export interface MlflowOptions {
  /** The most a body may hold, also when unpacked. */
  readonly bodyLimitBytes: number;
  /** Version of this server, which `/version` answers. */
  readonly version: string;
}
