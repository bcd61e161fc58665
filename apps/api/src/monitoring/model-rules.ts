import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { AppConfig } from '#config';
import type { KeepRules, QualityBounds } from '#monitoring';
import { isObject } from '../http/is-object.js';

/** How a model is monitored. */
export interface ModelRules {
  readonly keep: KeepRules;
  readonly bounds: QualityBounds;
}

const NOTHING: ModelRules = { keep: { rows: 'off', share: 1, slices: [], excluded: [] }, bounds: {} };
const ROWS = ['off', 'sample', 'all'] as const;

const listed = (text = ''): string[] => text.split(/\s+/).filter(Boolean);

/** The section `monitor` of a model's own file; empty where there is no such file or section. */
function ownSection(home: string, model: string): Section {
  let text: string;
  try {
    text = readFileSync(join(home, 'config', 'models', `${model}.yaml`), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  const file: unknown = parse(text);
  const section = isObject(file) ? (file.monitor ?? {}) : {};
  if (!isObject(section)) throw new Error('monitor must be a mapping');
  return section;
}

type Section = Readonly<Record<string, unknown>>;

/** @throws Error that names the invalid key */
function boundsIn(section: Section, settings: AppConfig['monitor']): QualityBounds {
  const { minimumAccuracy = settings.minimumAccuracy, maximumMae = settings.maximumMae } = section;
  const isOne = (value: unknown, most: number): boolean => typeof value === 'number' && value >= 0 && value <= most;
  if (minimumAccuracy !== undefined && !isOne(minimumAccuracy, 1))
    throw new Error('monitor.minimumAccuracy must be a number from 0 to 1');
  if (maximumMae !== undefined && !isOne(maximumMae, Number.MAX_VALUE))
    throw new Error('monitor.maximumMae must be a number of at least 0');
  return {
    ...(minimumAccuracy !== undefined && { minimumAccuracy: minimumAccuracy as number }),
    ...(maximumMae !== undefined && { maximumMae: maximumMae as number }),
  };
}

/** @throws Error that names the invalid key */
function keptBy(section: Section, settings: AppConfig['monitor']): KeepRules {
  const names = (key: 'slices' | 'excluded'): string[] => {
    const value = section[key] ?? listed(settings[key]);
    if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
    throw new Error(`monitor.${key} must be a list of columns`);
  };
  const { rows = settings.rows, sampleShare: share = settings.sampleShare } = section;
  if (!ROWS.includes(rows as KeepRules['rows'])) throw new Error('monitor.rows must be off, sample or all');
  if (typeof share !== 'number' || !(share >= 0 && share <= 1))
    throw new Error('monitor.sampleShare must be a number from 0 to 1');
  const slices = names('slices');
  if (slices.length > 4) throw new Error('monitor.slices names more than 4 columns');
  return {
    rows: share === 0 && rows === 'sample' ? 'off' : (rows as KeepRules['rows']),
    share,
    slices,
    excluded: names('excluded'),
  };
}

/**
 * Reads the rules of storing a model's rows, and the bounds of its quality, from its own file, else from the settings. Where these are
 * invalid, no raw rows are stored and the registered quality is the bound.
 *
 * @param tell called with the problem where the rules are invalid
 */
export function modelRules(
  home: string,
  model: string,
  settings: AppConfig['monitor'],
  tell: (problem: string) => void,
): ModelRules {
  try {
    const section = ownSection(home, model);
    return { keep: keptBy(section, settings), bounds: boundsIn(section, settings) };
  } catch (error) {
    tell(
      `config/models/${model}.yaml: ${(error as Error).message}; no raw rows and no slices of ${model} are stored, and its quality bounds are ignored`,
    );
    return NOTHING;
  }
}
