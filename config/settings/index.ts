import { PIPELINE_SETTINGS } from './pipeline.js';
import { SERVER_SETTINGS } from './server.js';
import { type ConfigOf, type Sections, type Setting, typeOf } from './setting.js';

export { PIPELINE_SETTINGS, SERVER_SETTINGS };

const APP = { ...SERVER_SETTINGS, tracking: PIPELINE_SETTINGS.tracking, renewal: PIPELINE_SETTINGS.renewal };
const PIPELINE = { ...PIPELINE_SETTINGS, models: SERVER_SETTINGS.models, monitor: SERVER_SETTINGS.monitor };
const ALL: Sections = { ...SERVER_SETTINGS, ...PIPELINE_SETTINGS };

/** All settings of the server, as `config.yaml` groups them. */
export type AppConfig = ConfigOf<typeof APP>;
/** All settings of the command line, as `config.yaml` groups them. */
export type PipelineConfig = ConfigOf<typeof PIPELINE>;

export const APP_TYPE = typeOf(APP);
export const PIPELINE_TYPE = typeOf(PIPELINE);
/** The type of the whole file, of which each of the two reads a part. */
export const FILE_TYPE = typeOf(ALL);

const PATHS: readonly (readonly [path: string, setting: Setting])[] = Object.entries(ALL).flatMap(
  ([section, { settings }]) =>
    Object.entries(settings).map(([key, setting]) => [`${section}.${key}`, setting] as const),
);

/** Settings of config.yaml that apply only to the default model, with the values for other models: `section.key`. */
export const OWN_DEFAULTS: readonly (readonly [path: string, value: unknown])[] = PATHS.flatMap(([path, setting]) =>
  'own' in setting ? [[path, setting.own] as const] : [],
);

/** Which environment variable overrides which setting: `section.key`. */
export const ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  PATHS.flatMap(([path, { env }]) => (env ? [[env, path]] : [])),
);

/** The flags of `npm start`: each with the placeholder of its value, its setting, and its description. */
export const FLAGS = PATHS.flatMap(([path, { flag, sentence }]) => {
  if (!flag) return [];
  return [{ name: flag.slice(2, flag.indexOf(' ')), usage: flag, path, sentence }];
});
