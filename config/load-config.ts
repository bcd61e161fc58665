import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { isObject, type ValidationError, validateSync } from 'class-validator';
import { parse } from 'yaml';
import { AppConfig, type ModelsConfig } from './app-config.js';
import { PipelineConfig } from './pipeline-config.js';
import { ConfigError } from './config.error.js';
import { ENVIRONMENT } from './environment.js';
import { projectRoot } from '#kit';

type Settings = Record<string, Record<string, unknown>>;

function readYaml(path: string): Settings {
  try {
    const sections = (parse(readFileSync(path, 'utf8')) ?? {}) as Record<string, Settings[string] | null>;
    return Object.fromEntries(Object.entries(sections).map(([name, keys]) => [name, keys ?? {}]));
  } catch (error) {
    throw new ConfigError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** Settings without a default that are texts, also where they look like numbers. */
const TEXTS = new Set([
  'default',
  'uri',
  'keysFile',
  'keys',
  'origins',
  'publicKey',
  'jwksUrl',
  'endpoint',
  'issuer',
  'audience',
]);

/** A number, true, false, or a mapping or list as YAML writes them, where the text is one; whether it fits, rules say. */
function valueOf(text: string, path: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (!/^[[{]/.test(text)) return text;
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigError(`${path} is ${text}: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** A copy of the settings in which the value at a path is another one. */
function withValue(settings: unknown, [key, ...rest]: readonly string[], text: string, path: string): object {
  if (settings !== undefined && !isObject<Record<string, unknown>>(settings)) {
    throw new ConfigError(`${path} does not exist: ${JSON.stringify(settings)} has no "${key}"`);
  }
  const before = settings?.[key];
  if (rest.length > 0) return { ...settings, [key]: withValue(before, rest, text, path) };
  const isText = typeof before === 'string' || TEXTS.has(key);
  return { ...settings, [key]: isText ? text : valueOf(text, path) };
}

/** Lays overrides (`section.key` or deeper -> text) over the settings; returns where each overridden value came from. */
function override(
  settings: Settings,
  texts: Iterable<readonly [source: string, path: string, text: string]>,
): Map<string, string> {
  const sources = new Map<string, string>();
  for (const [source, path, text] of texts) {
    Object.assign(settings, withValue(settings, path.split('.'), text, path));
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

/** Command-line overrides: flag -> the setting (`section.key`) and its text. */
export type Flags = Readonly<Record<string, readonly [setting: string, value: string]>>;

const APP_SECTIONS = [
  'server',
  'models',
  'inference',
  'batch',
  'logging',
  'shutdown',
  'metrics',
  'security',
  'cors',
  'rateLimit',
  'jwt',
  'tracing',
  'tracking',
  'grpc',
];
const PIPELINE_SECTIONS = ['data', 'validation', 'training', 'gate', 'tracking'];

/** Whether models come from another place than the one whose default model the file names. */
function isElsewhere(
  models: Settings[string] | undefined,
  folder: unknown,
  sources: ReadonlyMap<string, string>,
): boolean {
  if (!models || sources.has('models.default')) return false;
  return sources.has('models.source') || resolve(String(models.directory)) !== folder;
}

function load<T extends object>(
  type: new () => T,
  sections: readonly string[],
  environment: NodeJS.ProcessEnv,
  flags: Flags,
): T {
  const root = projectRoot();
  const path = join(root, 'config', 'config.yaml');
  const settings = readYaml(path);
  for (const folder of ['directory', 'cache']) {
    const path = settings.models?.[folder];
    if (typeof path === 'string') settings.models[folder] = resolve(root, path);
  }
  const folder = settings.models?.directory;
  const sources = override(settings, [
    ...Object.entries(ENVIRONMENT).flatMap(([name, setting]) =>
      environment[name] ? [[name, setting, environment[name]] as const] : [],
    ),
    ...Object.entries(flags).map(([flag, [setting, value]]) => [flag, setting, value] as const),
  ]);
  if (isElsewhere(settings.models, folder, sources)) delete settings.models.default;
  const known = [...new Set([...APP_SECTIONS, ...PIPELINE_SECTIONS])];
  const unknown = Object.keys(settings).find((section) => !known.includes(section));
  if (unknown) throw new ConfigError(`${path} has the section "${unknown}"; the sections are ${known.join(', ')}`);
  const own = Object.fromEntries(sections.map((section) => [section, settings[section]]));
  const config = plainToInstance(type, own);
  const faults = [...faultsOf(validateSync(config, { whitelist: true, forbidNonWhitelisted: true }), sources)];
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config;
}

function withAbsoluteFolders<T extends { readonly models: ModelsConfig }>(config: T): T {
  const { directory, cache } = config.models;
  return Object.assign(config, { models: { ...config.models, directory: resolve(directory), cache: resolve(cache) } });
}

/**
 * Reads the server's part of `config/config.yaml` and lays the environment and the command line over it.
 *
 * @param environment variables by name; empty ones count as not set
 * @returns one validated object; `models.directory` and `models.cache` are absolute
 * @throws ConfigError naming every wrong setting, its value, where it came from, and what is allowed
 */
export function loadConfig(environment: NodeJS.ProcessEnv, flags: Flags = {}): AppConfig {
  const config = load(AppConfig, APP_SECTIONS, environment, flags);
  return withAbsoluteFolders(config);
}

/** As {@link loadConfig}, for the command line: where data and models are, how to train, and what passes the gate. */
export function loadPipelineConfig(environment: NodeJS.ProcessEnv, flags: Flags = {}): PipelineConfig {
  const config = load(PipelineConfig, [...PIPELINE_SECTIONS, 'models'], environment, flags);
  return withAbsoluteFolders(config);
}
