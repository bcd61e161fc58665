import { type RegressionData, rowsOf, type TrainingData } from './data/training-data.js';
import { groupedFolds, timedFolds } from './grouped-folds.js';
import { LearnerError } from './learner.error.js';
import { type RowSplit, stratifiedFolds } from './stratified.js';

/** What keeps rows apart, row for row: numbers of groups, or times, NaN where there is none. */
export interface RowSides {
  readonly by: 'group' | 'time';
  readonly values: Float64Array<ArrayBuffer>;
}

/** How rows are dealt into folds. */
export interface FoldOptions {
  readonly folds: number;
  readonly seed: number;
  /** By chance if not given. */
  readonly sides?: RowSides;
}

/** Of a regression, so that each fold has small and large numbers. */
const STRATA = 10;

/** The classes of rows, or tenths of a regression's numbers. */
function strataOf(data: TrainingData | RegressionData): Int32Array | Uint8Array {
  if (!('targets' in data)) return data.labels;
  const { targets } = data;
  const strata = new Uint8Array(targets.length);
  const order = Array.from(targets.keys()).sort((a, b) => targets[a] - targets[b] || a - b);
  order.forEach((row, place) => (strata[row] = Math.floor((STRATA * place) / targets.length)));
  return strata;
}

/**
 * Folds that keep apart what is to be kept apart: groups, or what came before from what came later. Else each has its share of
 * every class, or of every tenth of a regression's numbers.
 *
 * @throws LearnerError on more folds than rows, groups or times allow
 */
export function foldsOf(data: TrainingData | RegressionData, { folds, seed, sides }: FoldOptions): RowSplit[] {
  if (sides?.by === 'group') return groupedFolds(sides.values, folds);
  if (sides) return timedFolds(sides.values, folds);
  return stratifiedFolds(strataOf(data), folds, seed);
}

/** As {@link foldsOf}, at most `folds` of them: as many as there are rows or groups. By chance where sides are all alike. */
export function possibleFolds(data: TrainingData | RegressionData, { folds, seed, sides }: FoldOptions): RowSplit[] {
  const distinct = new Set(sides?.values).size;
  const most = sides?.by === 'group' ? distinct : rowsOf(data);
  try {
    if (distinct > 1) return foldsOf(data, { folds: Math.min(folds, most), seed, sides });
  } catch (error) {
    if (!(error instanceof LearnerError)) throw error;
  }
  return foldsOf(data, { folds: Math.min(folds, rowsOf(data)), seed });
}
