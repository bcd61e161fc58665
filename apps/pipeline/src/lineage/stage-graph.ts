import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One stage of `dvc.yaml`, its paths sorted as DVC records them. */
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

const pathOf = (entry: PathEntry): string => (typeof entry === 'string' ? entry : Object.keys(entry)[0]);

/** Reads the stages of `dvc.yaml` in their order, which is an order in which they can run. */
export async function readStages(root: string): Promise<Stage[]> {
  const { stages } = parse(await readFile(join(root, 'dvc.yaml'), 'utf8')) as { stages: Record<string, StageYaml> };
  return Object.entries(stages).map(([name, { cmd, deps = [], params = [], outs = [], metrics = [], plots = [] }]) => ({
    name,
    cmd,
    deps: [...deps].sort(),
    params: Object.assign({}, ...params) as Record<string, string[]>,
    outs: [...outs, ...metrics, ...plots].map(pathOf).sort(),
  }));
}
