import { byCodePoint } from '#schema';
import { type Content, isVocabulary } from '../content.js';
import { PipelineError } from '../pipeline.error.js';

/** A value of a categorical column, or of a numeric one with few values; null (missing) is a level of its own. */
export type Level = string | number | null;

/** More one-hot columns than this waste memory. */
export const MAX_LEVELS = 1_000;

/** Numbers ascending, texts by code point, missing last: the order of scikit-learn's `categories_`. */
export function byLevel(left: Level, right: Level): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return typeof left === 'number' ? left - Number(right) : byCodePoint(left, String(right));
}

export interface LevelCounts {
  readonly categories: readonly Level[];
  /** Number of rows with each level. */
  readonly counts: readonly number[];
}

/** The levels among the first `rows` values, in order. Values outside the vocabulary are not counted. */
export function countLevels(values: Float64Array, rows: number, content: Content): LevelCounts {
  const counted = new Map<number, number>();
  for (let i = 0; i < rows; i++) counted.set(values[i], (counted.get(values[i]) ?? 0) + 1);
  const levelOf = (value: number): Level | undefined => {
    if (Number.isNaN(value)) return null;
    return isVocabulary(content) ? content[value] : value;
  };
  const found = [...counted].flatMap(([value, count]) => {
    const level = levelOf(value);
    return level === undefined ? [] : [{ level, count }];
  });
  found.sort((a, b) => byLevel(a.level, b.level));
  return { categories: found.map(({ level }) => level), counts: found.map(({ count }) => count) };
}

/** As {@link countLevels}, only for the levels that a recipe names. */
export function countGiven(given: readonly Level[], found: LevelCounts): LevelCounts {
  const counts = new Map(found.categories.map((level, i) => [level, found.counts[i]]));
  return { categories: given, counts: given.map((level) => counts.get(level) ?? 0) };
}

export interface Grouping {
  /** Levels with fewer rows are merged: a number of rows, or if below 1 a share of them. */
  readonly min_frequency?: number;
  /** The most levels, the merged one included. */
  readonly max_categories?: number;
}

/**
 * The levels to merge: those with too few rows, then the least frequent of the others, ties by order (scikit-learn
 * `_identify_infrequent`).
 */
export function infrequentOf({ categories, counts }: LevelCounts, rows: number, grouping: Grouping): Level[] {
  const { min_frequency: least = 0, max_categories: most = Infinity } = grouping;
  const bound = least < 1 ? rows * least : least;
  const isInfrequent = counts.map((count) => count < bound);
  const frequent = isInfrequent.filter((is) => !is).length;
  if (most < frequent + 1) {
    const ascending = counts.map((_, i) => i).sort((a, b) => counts[a] - counts[b] || a - b);
    for (const i of ascending.slice(0, counts.length - (most - 1))) isInfrequent[i] = true;
  }
  return categories.filter((_, i) => isInfrequent[i]);
}

/** Writes a number for each value of a column by its level. */
export type ByLevel = (from: Float64Array, to: Float64Array, rows: number) => void;

/**
 * Compiles a lookup table of levels for a column.
 *
 * @param otherwise the number of a value that is none of the levels
 */
export function byLevels(
  content: Content,
  levels: readonly Level[],
  numbers: ArrayLike<number>,
  otherwise: number,
): ByLevel {
  const table = new Map(levels.map((level, i) => [level, numbers[i]]));
  const missing = table.get(null) ?? otherwise;
  if (!isVocabulary(content)) {
    return (from, to, rows) => {
      for (let i = 0; i < rows; i++) {
        const value = from[i];
        to[i] = Number.isNaN(value) ? missing : (table.get(value) ?? otherwise);
      }
    };
  }
  // Shifted by one, so that index 0 is the unknown code, -1.
  const codes = new Float64Array(content.length + 1).fill(otherwise);
  content.forEach((value, code) => (codes[code + 1] = table.get(value) ?? otherwise));
  return (from, to, rows) => {
    for (let i = 0; i < rows; i++) {
      const code = from[i];
      to[i] = Number.isNaN(code) ? missing : codes[code + 1];
    }
  };
}

/** The index of the level of each of the first `rows` values, -1 for none. */
export function placesOf(values: Float64Array, rows: number, content: Content, levels: readonly Level[]): Float64Array {
  const places = new Float64Array(rows);
  const order = levels.map((_, place) => place);
  byLevels(content, levels, order, -1)(values, places, rows);
  return places;
}

/** Encoders read categories, and treat numbers as categories. */
export function noLevels(content: Content, name: string): string | undefined {
  const isTime = content === 'date' || content === 'datetime';
  return isTime ? `"${name}" has dates or times; split them into parts with date_parts first` : undefined;
}

/** What is wrong with the levels of a fitted step, if anything. */
export function levelsFlaw(levels: readonly Level[]): string | undefined {
  const seen = new Set<Level>();
  const doubled = levels.find((level) => seen.size === seen.add(level).size);
  return doubled === undefined ? undefined : `the category ${JSON.stringify(doubled)} is named twice`;
}

/** @throws PipelineError where one-hot encoding would make too many columns */
export function checkWidth(width: number, name: string, kind: string): void {
  if (width <= MAX_LEVELS) return;
  throw new PipelineError(
    `${kind} would make ${width.toLocaleString('en')} columns of "${name}", more than ${MAX_LEVELS.toLocaleString('en')}; ` +
      'set max_categories or min_frequency, or use target_encode or count_encode instead',
  );
}
