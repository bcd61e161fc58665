import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { AppConfig } from '#config';
import type { KeepRules } from '#monitoring';
import { isObject } from '../http/is-object.js';

const NOTHING: KeepRules = { rows: 'off', share: 1, slices: [], excluded: [] };
const ROWS = ['off', 'sample', 'all'] as const;

const listed = (text = ''): string[] => text.split(/\s+/).filter(Boolean);

/** The section `monitor` of a model's own file; nothing where there is no such file or section. */
function ownSection(home: string, model: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(join(home, 'config', 'models', `${model}.yaml`), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  const file: unknown = parse(text);
  const section = isObject(file) ? (file.monitor ?? {}) : {};
  if (!isObject(section)) throw new Error('monitor is no section');
  return section;
}

/** @throws Error that says which key is wrong */
function rulesIn(section: Readonly<Record<string, unknown>>, settings: AppConfig['monitor']): KeepRules {
  const names = (key: 'slices' | 'excluded'): string[] => {
    const value = section[key] ?? listed(settings[key]);
    if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
    throw new Error(`monitor.${key} is no list of columns`);
  };
  const { rows = settings.rows, sampleShare: share = settings.sampleShare } = section;
  if (!ROWS.includes(rows as KeepRules['rows'])) throw new Error('monitor.rows is none of off, sample, all');
  if (typeof share !== 'number' || !(share >= 0 && share <= 1)) throw new Error('monitor.sampleShare is no share');
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
 * What is kept of the rows of a model: as its own file says, else as the settings do. Where what was said cannot be read, nothing is.
 *
 * @param tell what cannot be read
 */
export function keepRules(
  home: string,
  model: string,
  settings: AppConfig['monitor'],
  tell: (problem: string) => void,
): KeepRules {
  try {
    return rulesIn(ownSection(home, model), settings);
  } catch (error) {
    tell(`config/models/${model}.yaml: ${(error as Error).message}; of ${model} no raw rows and no slices are kept`);
    return NOTHING;
  }
}
