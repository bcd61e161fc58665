import { DumpFlaw } from '../trees/dump-flaw.js';

/** As written by C++. */
const INFINITIES: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity };

/** One block of `key=value` lines. */
export class Block {
  private readonly values = new Map<string, string>();

  constructor(
    readonly where: string,
    lines: readonly string[],
  ) {
    for (const line of lines) {
      const at = line.indexOf('=');
      if (at > 0) this.values.set(line.slice(0, at), line.slice(at + 1).trim());
      else if (line !== '') this.values.set(line, '');
    }
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  text(key: string): string {
    const value = this.values.get(key);
    if (value === undefined) throw new DumpFlaw(this.where, `has no ${key}`);
    return value;
  }

  words(key: string): string[] {
    const text = this.text(key);
    return text === '' ? [] : text.split(' ');
  }

  /** A whole number from 0; the default where the key is absent. */
  count(key: string, otherwise?: number): number {
    if (otherwise !== undefined && !this.has(key)) return otherwise;
    const text = this.text(key);
    const number = text === '' ? NaN : Number(text);
    if (!(Number.isSafeInteger(number) && number >= 0))
      throw new DumpFlaw(this.where, `has ${key}=${text.slice(0, 40)}, no whole number`);
    return number;
  }

  /** @param length the expected count */
  numbers(key: string, length: number): Float64Array {
    const words = this.words(key);
    if (words.length !== length) throw new DumpFlaw(this.where, `has ${words.length} numbers of ${key}, not ${length}`);
    return Float64Array.from(words, (word) => {
      const number = word === '' ? NaN : (INFINITIES[word] ?? Number(word));
      if (Number.isNaN(number)) throw new DumpFlaw(this.where, `has "${word.slice(0, 40)}" in ${key}, no number`);
      return number;
    });
  }
}

/** The parts of a LightGBM model file. */
export interface ModelText {
  readonly head: Block;
  readonly trees: readonly Block[];
  /** The training's parameters, if the file has them. */
  readonly settings: ReadonlyMap<string, string>;
  /** The categories of each categorical column of the training table; empty if it was not a table. */
  readonly categories: readonly (readonly unknown[])[];
}

const CATEGORIES = 'pandas_categorical:';

function categoriesIn(lines: readonly string[]): (readonly unknown[])[] {
  const line = lines.findLast((text) => text.startsWith(CATEGORIES));
  if (line === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(line.slice(CATEGORIES.length));
  } catch {
    throw new DumpFlaw('pandas_categorical', 'is no JSON');
  }
  if (value === null) return [];
  if (Array.isArray(value) && value.every(Array.isArray)) return value as unknown[][];
  throw new DumpFlaw('pandas_categorical', 'is no list of lists');
}

/**
 * Splits the text that `Booster.save_model` writes.
 *
 * Source: `GBDT::SaveModelToString` in https://github.com/lightgbm-org/LightGBM/blob/master/src/boosting/gbdt_model_text.cpp
 *
 * @throws DumpFlaw where it is truncated
 */
export function readModelText(text: string): ModelText {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const end = lines.indexOf('end of trees');
  if (end < 0) throw new DumpFlaw('', 'is incomplete: there is no "end of trees"');
  const starts = lines.slice(0, end).flatMap((line, i) => (line.startsWith('Tree=') ? [i] : []));
  const trees = starts.map((start, i) => new Block(lines[start], lines.slice(start + 1, starts[i + 1] ?? end)));
  const settings = lines.slice(end).flatMap((line): [string, string][] => {
    const found = /^\[([a-z_]+): (.*)\]$/.exec(line);
    return found ? [[found[1], found[2]]] : [];
  });
  return {
    head: new Block('the head', lines.slice(0, starts[0] ?? end)),
    trees,
    settings: new Map(settings),
    categories: categoriesIn(lines.slice(end)),
  };
}
