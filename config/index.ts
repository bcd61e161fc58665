export type { AppConfig, BatchConfig, LoggingConfig, ServerConfig, ShutdownConfig } from './app-config.js';
export { ConfigError } from './config.error.js';
export type { DistanceRule, Rule, Severity, ShareRule, ValidationRules } from './data-config.js';
export { ENVIRONMENT } from './environment.js';
export { type Flags, loadConfig, loadPipelineConfig } from './load-config.js';
export type { PipelineConfig } from './pipeline-config.js';
export { projectRoot } from '#kit';
