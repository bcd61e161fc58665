import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ConfigError } from './config.error.js';
import {
  APP_TYPE,
  type AppConfig,
  ENVIRONMENT,
  FILE_TYPE,
  OWN_DEFAULTS,
  PIPELINE_TYPE,
  type PipelineConfig,
} from './settings/index.js';
import { isMapping, type SettingType } from './settings/setting-type.js';
import { homeFolder } from './home-folder.js';
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

/** Whether a setting takes text literally, even if it looks like a number. */
function isText(path: string): boolean {
  let type: SettingType | undefined = FILE_TYPE;
  for (const key of path.split('.')) {
    type = type?.fields && Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
  }
  return type?.isText ?? false;
}

/** Parses a number, a boolean, or a mapping or list in YAML; otherwise returns the text. The rules check it later. */
function valueOf(text: string, path: string): unknown {
  if (isText(path)) return text;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (!/^[[{]/.test(text)) return text;
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigError(`${path} is ${text}: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** A copy of the settings with another value at a path. */
function withValue(settings: unknown, [key, ...rest]: readonly string[], text: string, path: string): object {
  if (settings !== undefined && !isMapping(settings)) {
    throw new ConfigError(`${path} does not exist: ${JSON.stringify(settings)} has no "${key}"`);
  }
  const value = rest.length > 0 ? withValue(settings?.[key], rest, text, path) : valueOf(text, path);
  return { ...settings, [key]: value };
}

/** Applies overrides (`section.key` or deeper -> text) to the settings; returns the origin of each overridden value. */
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

/** Faults: the path, the value, and what it must be. */
function* faultsOf(type: SettingType, value: unknown, path = ''): Generator<readonly [string, unknown, string]> {
  const fault = type.fault(value);
  if (fault) yield [path, value, fault];
  if (fault || !type.fields) return;
  const values = value as Record<string, unknown>;
  const under = (key: string): string => (path ? `${path}.${key}` : key);
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(type.fields, key))
      yield [under(key), values[key], 'there is no such setting; see config/config.yaml'];
  }
  for (const [key, field] of Object.entries(type.fields)) yield* faultsOf(field, values[key], under(key));
}

/** Settings of the command line from a model's own file. */
export interface OwnSettings {
  /** The file's name in errors. */
  readonly file: string;
  readonly sections: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Applies a model's own file to config.yaml, whose settings for the default model's table are then ignored. */
function overlay(settings: Settings, { file, sections }: OwnSettings): Map<string, string> {
  const sources = new Map<string, string>();
  for (const [path, value] of OWN_DEFAULTS) setAt(settings, path, value);
  for (const [section, values] of Object.entries(sections)) {
    for (const [key, value] of Object.entries(values)) {
      const path = `${section}.${key}`;
      const given = settings[section]?.[key];
      setAt(settings, path, isMapping(given) && isMapping(value) ? { ...given, ...value } : value);
      sources.set(path, file);
    }
  }
  return sources;
}

function setAt(settings: Settings, path: string, value: unknown): void {
  const [section, key] = path.split('.');
  settings[section] = { ...settings[section], [key]: value };
}

/** Command-line overrides: flag -> the setting (`section.key`) and its text. */
export type Flags = Readonly<Record<string, readonly [setting: string, value: string]>>;

/** Whether models come from another place than the folder to which the file's default model belongs. */
function isElsewhere(
  models: Settings[string] | undefined,
  folder: unknown,
  sources: ReadonlyMap<string, string>,
): boolean {
  if (!models || sources.has('models.default')) return false;
  return sources.has('models.source') || resolve(String(models.directory)) !== folder;
}

function load<T>(type: SettingType<T>, environment: NodeJS.ProcessEnv, flags: Flags, own?: OwnSettings): T {
  const root = projectRoot();
  const home = homeFolder(environment);
  const path = join(root, 'config', 'config.yaml');
  const settings = readYaml(path);
  const folder = resolve(root, String(settings.models?.directory));
  for (const [section, folder] of [
    ['models', 'directory'],
    ['models', 'cache'],
    ['monitor', 'store'],
    ['renewal', 'jobs'],
  ]) {
    const path = settings[section]?.[folder];
    if (typeof path === 'string') settings[section][folder] = absolute(home, path);
  }
  const { steps } = settings.models ?? {};
  if (typeof steps === 'string') settings.models.steps = absoluteAll(home, steps);
  const ownSources = own && overlay(settings, own);
  const sources = override(settings, [
    ...Object.entries(ENVIRONMENT).flatMap(([name, setting]) =>
      environment[name] ? [[name, setting, environment[name]] as const] : [],
    ),
    ...Object.entries(flags).map(([flag, [setting, value]]) => [flag, setting, value] as const),
  ]);
  if (isElsewhere(settings.models, folder, sources)) delete settings.models.default;
  const known = Object.keys(FILE_TYPE.fields!);
  const unknown = Object.keys(settings).find((section) => !known.includes(section));
  if (unknown) {
    const from = [...sources].find(([setting]) => setting.split('.')[0] === unknown)?.[1];
    throw new ConfigError(`${from ?? path}: there is no section "${unknown}"; the sections are ${known.join(', ')}`);
  }
  const read = Object.fromEntries(Object.keys(type.fields!).map((section) => [section, settings[section]]));
  const faults = [...faultsOf(type, read)].map(([path, value, fault]) => {
    const from = sources.get(path) ?? ownSources?.get(path.split('.', 2).join('.'));
    const source = from ? ` (from ${from})` : '';
    return `${path}${source} is ${JSON.stringify(value) ?? 'missing'}: ${fault}`;
  });
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return type.read(read);
}

/** A URL stays one. */
const absolute = (root: string, path: string): string => (path.includes('://') ? path : resolve(root, path));

/** The same for paths separated by blanks. */
const absoluteAll = (root: string, paths: string): string =>
  paths
    .trim()
    .split(/\s+/)
    .map((path) => absolute(root, path))
    .join(' ');

function withAbsoluteFolders<T extends Pick<AppConfig, 'models' | 'monitor' | 'renewal'>>(config: T): T {
  const { directory, cache } = config.models;
  const store = absolute('', config.monitor.store);
  return {
    ...config,
    models: { ...config.models, directory: resolve(directory), cache: resolve(cache) },
    monitor: { ...config.monitor, store },
    renewal: { ...config.renewal, jobs: resolve(config.renewal.jobs) },
  };
}

/**
 * Reads the server's part of `config/config.yaml` and applies the environment and the command line to it.
 *
 * @param environment variables by name; empty ones count as not set
 * @returns one validated object; folders are absolute
 * @throws ConfigError naming every invalid setting, its value, its origin, and what is allowed
 */
export function loadConfig(environment: NodeJS.ProcessEnv, flags: Flags = {}): AppConfig {
  return withAbsoluteFolders(load(APP_TYPE, environment, flags));
}

/**
 * As {@link loadConfig}, for the command line: where data and models are, how to train, and what passes the gate.
 *
 * @param own settings from a model's own file; default the model of config.yaml
 */
export function loadPipelineConfig(
  environment: NodeJS.ProcessEnv,
  flags: Flags = {},
  own?: OwnSettings,
): PipelineConfig {
  return withAbsoluteFolders(load(PIPELINE_TYPE, environment, flags, own));
}

/**
 * Settings for a model's renewal and recorded runs: those of its own file `config/models/<model>.yaml`, if it has one,
 * otherwise those of config.yaml. The files are read at each call.
 *
 * @throws ConfigError as {@link loadConfig}
 */
export function loadModelConfig(
  model: string,
  environment: NodeJS.ProcessEnv,
  flags: Flags = {},
): Pick<PipelineConfig, 'renewal' | 'tracking'> {
  const home = homeFolder(environment);
  const file = join(home, 'config', 'models', `${model}.yaml`);
  if (!existsSync(file)) return loadPipelineConfig(environment, flags);
  const { renewal = {} } = readYaml(file);
  const sections = { renewal, tracking: { directory: join(home, 'runs') } };
  return loadPipelineConfig(environment, flags, { file, sections });
}
