import type { ColumnType } from '#schema';
import type { RandomNumbers } from './random-numbers.js';

/** A column of the golden data set and its distribution. */
export interface GeneratedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The range of practically all values; `--drift range` draws from the adjacent range of the same width above. */
  readonly low: number;
  readonly high: number;
  readonly draw: (random: RandomNumbers) => number;
}

const normal = (name: string): GeneratedColumn => ({
  name,
  type: 'float',
  low: -4,
  high: 4,
  draw: (random) => random.normal(),
});

/** The distributions of the golden data set's 1,000 rows. */
export const COLUMNS: readonly GeneratedColumn[] = [
  normal('feature_1'),
  normal('feature_2'),
  normal('feature_3'),
  { name: 'feature_4', type: 'float', low: 0, high: 100, draw: (random) => 100 * random.uniform() },
  { name: 'feature_5', type: 'integer', low: 1, high: 9, draw: (random) => 1 + Math.floor(9 * random.uniform()) },
];

/**
 * The class of a row: the majority of three votes. Inferred from the golden data set, whose 1,000 targets it all
 * reproduces; feature_3 and feature_5 do not matter.
 */
export const targetOf = (feature1: number, feature2: number, feature4: number): 0 | 1 =>
  Number(feature1 > 0) + Number(feature2 > 0.5) + Number(feature4 > 50) >= 2 ? 1 : 0;
