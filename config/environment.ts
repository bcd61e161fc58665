/** Which environment variable overrides which setting: `section.key`. */
export const ENVIRONMENT = {
  HOST: 'server.host',
  PORT: 'server.port',
  WORKERS: 'server.workers',
  BODY_LIMIT_BYTES: 'server.bodyLimitBytes',
  MODELS_DIR: 'models.directory',
  DEFAULT_MODEL: 'models.default',
  INFERENCE_THREADS: 'inference.threads',
  MAX_PENDING_ROWS: 'inference.maxPendingRows',
  MAX_BATCH_INSTANCES: 'batch.maxInstances',
  LOG_LEVEL: 'logging.level',
  LOG_FORMAT: 'logging.format',
  DRAIN_SECONDS: 'shutdown.drainSeconds',
  GRACE_SECONDS: 'shutdown.graceSeconds',
  METRICS_ENABLED: 'metrics.enabled',
  METRICS_PORT: 'metrics.port',
  MLFLOW_TRACKING_URI: 'tracking.uri',
} as const;
