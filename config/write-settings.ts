import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configYaml, withSettings } from './settings-text.js';
import { projectRoot } from '#kit';

// Writes the settings into config.yaml and docs/configuration.md: `npm run settings`.
const page = join(projectRoot(), 'docs', 'configuration.md');
writeFileSync(join(projectRoot(), 'config', 'config.yaml'), configYaml());
writeFileSync(page, withSettings(readFileSync(page, 'utf8')));
