import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { parse } from 'yaml';
import { AppConfig } from './app-config.js';
import { ConfigError } from './config.error.js';
import { ENVIRONMENT } from './environment.js';
import { projectRoot } from './project-root.js';

type Settings = Record<string, Record<string, unknown>>;

function readYaml(path: string): Settings {
  try {
    return (parse(readFileSync(path, 'utf8')) ?? {}) as Settings;
  } catch (error) {
    throw new ConfigError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** A number where the text is one: what a wrong one is, the rules say. */
function valueOf(text: string): unknown {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Lays overrides (`section.key` -> text) over the settings; returns where each overridden value came from. */
function override(
  settings: Settings,
  texts: Iterable<readonly [source: string, path: string, text: string]>,
): Map<string, string> {
  const sources = new Map<string, string>();
  for (const [source, path, text] of texts) {
    const [section, key] = path.split('.');
    const isText = ['host', 'directory', 'default'].includes(key);
    settings[section] = { ...settings[section], [key]: isText ? text : valueOf(text) };
    sources.set(path, source);
  }
  return sources;
}

function* faultsOf(errors: readonly ValidationError[], sources: Map<string, string>, parent = ''): Generator<string> {
  for (const { property, value, constraints, children } of errors) {
    const path = `${parent}${property}`;
    const source = sources.has(path) ? ` (from ${sources.get(path)})` : '';
    const message =
      constraints &&
      ('whitelistValidation' in constraints ? 'is no setting; see config/config.yaml' : Object.values(constraints)[0]);
    if (message) yield `${path}${source} is ${JSON.stringify(value) ?? 'missing'}: ${message}`;
    yield* faultsOf(children ?? [], sources, `${path}.`);
  }
}

/**
 * Reads `config/config.yaml` and lays the environment and the command line over it.
 *
 * @param environment variables by name; empty ones count as not set
 * @param flags command-line overrides, flag name -> `[setting, value]`
 * @returns one validated object; `models.directory` is absolute
 * @throws ConfigError naming every wrong setting, its value, where it came from, and what is allowed
 */
export function loadConfig(
  environment: NodeJS.ProcessEnv,
  flags: Readonly<Record<string, readonly [setting: string, value: string]>> = {},
): AppConfig {
  const root = projectRoot();
  const path = join(root, 'config', 'config.yaml');
  const settings = readYaml(path);
  if (typeof settings.models?.directory === 'string') {
    settings.models.directory = resolve(root, settings.models.directory);
  }
  const sources = override(settings, [
    ...Object.entries(ENVIRONMENT).flatMap(([name, setting]) =>
      environment[name] ? [[name, setting, environment[name]] as const] : [],
    ),
    ...Object.entries(flags).map(([flag, [setting, value]]) => [flag, setting, value] as const),
  ]);
  const config = plainToInstance(AppConfig, settings);
  for (const section of ['server', 'models', 'inference', 'batch', 'logging', 'shutdown'] as const) {
    if (typeof config[section] !== 'object') throw new ConfigError(`${path} lacks the section "${section}"`);
  }
  const faults = [...faultsOf(validateSync(config, { whitelist: true, forbidNonWhitelisted: true }), sources)];
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return Object.assign(config, {
    models: { ...config.models, directory: resolve(config.models.directory) },
  });
}
