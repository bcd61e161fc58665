import { join, relative, sep } from 'node:path';
import type { StageOptions } from '../stage.options.js';
import { readStructured } from '#kit';

/** A stage of `dvc.yaml`; paths are sorted as DVC records them. */
export interface Stage {
  readonly name: string;
  readonly cmd: string;
  readonly deps: readonly string[];
  /** Parameter file -> dotted keys. */
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** Outputs, metrics and plots. */
  readonly outs: readonly string[];
}

type PathEntry = string | Record<string, unknown>;

interface StageYaml {
  readonly cmd: string;
  readonly deps?: string[];
  readonly params?: Record<string, string[]>[];
  readonly outs?: PathEntry[];
  readonly metrics?: PathEntry[];
  readonly plots?: PathEntry[];
}

const PATHS = { type: 'array', items: { type: 'string' } };
const ENTRIES = { type: 'array', items: { type: ['string', 'object'], minProperties: 1 } };
/** The part of DVC's schema that `run` uses; other keys are allowed. */
const SCHEMA = {
  type: 'object',
  required: ['stages'],
  properties: {
    stages: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['cmd'],
        properties: {
          cmd: { type: 'string' },
          deps: PATHS,
          params: { type: 'array', items: { type: 'object', additionalProperties: PATHS } },
          outs: ENTRIES,
          metrics: ENTRIES,
          plots: ENTRIES,
        },
      },
    },
  },
};

const pathOf = (entry: PathEntry): string => (typeof entry === 'string' ? entry : Object.keys(entry)[0]);

/** The value of a dotted key. */
export function settingAt(settings: unknown, key: string): unknown {
  return key.split('.').reduce((value, part) => (value as Record<string, unknown> | undefined)?.[part], settings);
}

/**
 * Reads the stages of `dvc.yaml` in file order, which is a valid execution order. `${section.key}` in paths is replaced
 * by a setting (https://doc.dvc.org/user-guide/project-structure/dvcyaml-files#templating).
 *
 * @throws InputError on a missing or invalid file
 */
export async function readStages(root: string, config: StageOptions): Promise<Stage[]> {
  // As in DVC: an absolute path into the repository becomes relative, others are kept.
  const recorded = (path: string): string => (path.startsWith(root + sep) ? relative(root, path) : path);
  const filled = (text: string): string =>
    recorded(text.replace(/\$\{([\w.]+)\}/g, (_, key: string) => String(settingAt(config, key))));
  // dvc.yaml cannot express an input that exists only with a setting.
  const { reference } = config.validation;
  const optional = (stage: string): string[] => (stage === 'validate' && reference ? [recorded(reference)] : []);
  const { stages } = await readStructured<{ stages: Record<string, StageYaml> }>(join(root, 'dvc.yaml'), SCHEMA);
  return Object.entries(stages).map(([name, { cmd, deps = [], params = [], outs = [], metrics = [], plots = [] }]) => ({
    name,
    cmd,
    deps: [...deps.map(filled), ...optional(name)].sort(),
    params: Object.assign({}, ...params) as Record<string, string[]>,
    outs: [...outs, ...metrics, ...plots].map((entry) => filled(pathOf(entry))).sort(),
  }));
}
