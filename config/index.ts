export { ConfigError } from './config.error.js';
export { homeFolder } from './home-folder.js';
export { type Flags, loadConfig, loadPipelineConfig, loadModelConfig } from './load-config.js';
export { type AppConfig, ENVIRONMENT, FLAGS, type PipelineConfig } from './settings/index.js';
export { projectRoot } from '#kit';
