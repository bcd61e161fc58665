/** The remote sources of models. */
export interface SourceOptions {
  /**
   * Each names one model (`<url>/aliases.json` names its versions) or one version (its number is the last part):
   * `file://`, `s3://bucket/key`, `http(s)://`, `mlflow://name@alias` or `mlflow://name/version`.
   */
  readonly urls: readonly string[];
  /** The folder that caches fetched models. */
  readonly cache: string;
  /** Polling interval for moved aliases and new versions; 0: only at boot and on request. */
  readonly seconds: number;
  /** Allowed hosts: `host`, `host:port` or `*.domain`. */
  readonly allowedHosts: readonly string[];
  /** An S3-compatible store; AWS when not given. */
  readonly s3Endpoint?: string;
  /** The MLflow server of `mlflow://` sources. */
  readonly mlflowUri?: string;
  /** Whether to fetch signatures: S3 may forbid requests for files that do not exist. */
  readonly areSigned?: boolean;
}
