export type { AppConfig, BatchConfig, LoggingConfig, ServerConfig, ShutdownConfig } from './app-config.js';
export { ConfigError } from './config.error.js';
export { ENVIRONMENT } from './environment.js';
export { loadConfig } from './load-config.js';
export { projectRoot } from './project-root.js';
