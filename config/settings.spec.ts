import { readFileSync } from 'node:fs';
import { projectRoot } from '#kit';
import { loadConfig, loadPipelineConfig } from './load-config.js';
import { FLAGS, PIPELINE_SETTINGS, SERVER_SETTINGS } from './settings/index.js';

type Settings = Record<string, unknown>;

const entriesOf = (value: unknown, path = ''): [string, unknown][] =>
  value && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => entriesOf(inner, path ? `${path}.${key}` : key))
    : [[path, value]];

const plain = (config: object): Settings => Object.fromEntries(entriesOf(JSON.parse(JSON.stringify(config))));

const DEFAULTS = new Map([loadConfig, loadPipelineConfig].map((load) => [load as unknown, plain(load({}))]));

/** The effect of one setting given as text: JSON of the values that differ from the defaults, or the error message. */
function answerTo(setting: string, text: string): string {
  const load = /^(data|validation|training|gate)\b/.test(setting) ? loadPipelineConfig : loadConfig;
  try {
    const before = DEFAULTS.get(load)!;
    const after = plain(load({}, { '--set': [setting, text] }));
    const changed = [...new Set([...Object.keys(after), ...Object.keys(before)])]
      .sort()
      .filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]))
      .map((key) => [key, key in after ? after[key] : '<gone>']);
    return JSON.stringify(Object.fromEntries(changed)).replaceAll(projectRoot(), '<cwd>');
  } catch (error) {
    return (error as Error).message.replaceAll(projectRoot(), '<root>').replaceAll('\n', '\\n');
  }
}

describe('The table of settings', () => {
  const recorded = readFileSync('test/fixtures/settings.tsv', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

  it('takes and refuses for each setting what was recorded, in the same words', () => {
    expect(recorded.map(([setting, text]) => [setting, text, answerTo(setting, text)])).toEqual(recorded);
  });

  it('has recorded answers of every setting', () => {
    const settings = Object.entries({ ...SERVER_SETTINGS, ...PIPELINE_SETTINGS }).flatMap(([section, { settings }]) =>
      Object.keys(settings).map((key) => `${section}.${key}`),
    );
    const known = new Set(recorded.map(([setting]) => setting));
    expect(settings.filter((setting) => !known.has(setting))).toEqual([]);
  });

  it('takes each default and each example', () => {
    for (const { settings } of Object.values({ ...SERVER_SETTINGS, ...PIPELINE_SETTINGS })) {
      for (const { type, ...setting } of Object.values(settings)) {
        const shown = 'default' in setting ? setting.default : (setting as { example: unknown }).example;
        expect([setting, type.fault(shown)]).toEqual([setting, undefined]);
      }
    }
  });

  it('may leave out what has no default, and refuses to do without the rest but the default model', () => {
    const optional = Object.values({ ...SERVER_SETTINGS, ...PIPELINE_SETTINGS }).flatMap(({ settings }) =>
      Object.values(settings).filter(({ type }) => type.fault(undefined) === undefined),
    );
    const withoutDefault = Object.values({ ...SERVER_SETTINGS, ...PIPELINE_SETTINGS }).flatMap(({ settings }) =>
      Object.values(settings).filter((setting) => !('default' in setting)),
    );
    expect(optional).toEqual(expect.arrayContaining(withoutDefault));
    expect(optional.filter((setting) => 'default' in setting)).toEqual([SERVER_SETTINGS.models.settings.default]);
  });

  it('reads a text by its type, not by the value that it replaces', () => {
    expect(loadConfig({ PORT: 'x' }, { '--port': ['server.port', '1'] }).server.port).toBe(1);
    expect(loadConfig({ MODELS_SOURCE: '7', METRICS_HOST: '[::1]' })).toMatchObject({
      models: { source: '7' },
      metrics: { host: '[::1]' },
    });
  });

  it('has the flags of npm start', () => {
    expect(FLAGS.map(({ name, path }) => [name, path])).toEqual([
      ['host', 'server.host'],
      ['port', 'server.port'],
      ['workers', 'server.workers'],
    ]);
  });
});
