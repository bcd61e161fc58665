import { join } from 'node:path';
import { loadConfig, projectRoot } from '#config';
import { writeJson } from '#kit';
import { ModelRegistry } from '#registry';
import { createApp } from './create-app.js';
import { buildDocument } from './docs/openapi-document.js';
import { createLogging } from './logging/create-logging.js';

/** Writes openapi.json with the committed default model. */
const config = loadConfig({ LOG_LEVEL: 'error' });
const app = await createApp(config, createLogging(config.logging));
await app.init();
await app.get(ModelRegistry).load();
await writeJson(join(projectRoot(), 'openapi.json'), buildDocument(app));
await app.close();
