/** Where models come from when they are not in a folder of this machine. */
export interface SourceOptions {
  /**
   * Each names one model (`<url>/aliases.json` says which versions) or one version of it (the last part is its number):
   * `file://`, `s3://bucket/key`, `http(s)://`, `mlflow://name@alias` or `mlflow://name/version`.
   */
  readonly urls: readonly string[];
  /** The folder that keeps what was fetched. */
  readonly cache: string;
  /** How often to look for moved aliases and new versions; only at boot and on request when 0. */
  readonly seconds: number;
  /** Hosts that may be asked: `host`, `host:port` or `*.domain`. */
  readonly allowedHosts: readonly string[];
  /** An S3-compatible store; AWS when not given. */
  readonly s3Endpoint?: string;
  /** The MLflow server that `mlflow://` means. */
  readonly mlflowUri?: string;
  /** Whether versions come with signatures: S3 may forbid to ask for a file that is not there. */
  readonly areSigned?: boolean;
}
