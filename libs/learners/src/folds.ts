import { type RegressionData, rowsOf, type TrainingData } from './data/training-data.js';
import { groupedFolds, timedFolds } from './grouped-folds.js';
import { LearnerError } from './learner.error.js';
import { type RowSplit, stratifiedFolds } from './stratified.js';

/** What separates the rows of folds, one value per row: group numbers, or times (NaN where unknown). */
export interface RowSides {
  readonly by: 'group' | 'time';
  readonly values: Float64Array<ArrayBuffer>;
}

/** How to split rows into folds. */
export interface FoldOptions {
  readonly folds: number;
  readonly seed: number;
  /** At random if not given. */
  readonly sides?: RowSides;
}

/** Strata of a regression's targets, so that each fold has small and large ones. */
const STRATA = 10;

/** The classes of rows, or the decile of a regression's target. */
function strataOf(data: TrainingData | RegressionData): Int32Array | Uint8Array {
  if (!('targets' in data)) return data.labels;
  const { targets } = data;
  const strata = new Uint8Array(targets.length);
  const order = Array.from(targets.keys()).sort((a, b) => targets[a] - targets[b] || a - b);
  order.forEach((row, place) => (strata[row] = Math.floor((STRATA * place) / targets.length)));
  return strata;
}

/**
 * Splits rows into folds that share no group, or that test on later rows than they train on. Without either, folds are
 * stratified by class, or by decile of a regression's target.
 *
 * @throws LearnerError on more folds than rows, groups or times allow
 */
export function foldsOf(data: TrainingData | RegressionData, { folds, seed, sides }: FoldOptions): RowSplit[] {
  if (sides?.by === 'group') return groupedFolds(sides.values, folds);
  if (sides) return timedFolds(sides.values, folds);
  return stratifiedFolds(strataOf(data), folds, seed);
}

/** As {@link foldsOf}, with fewer folds where there are fewer rows or groups; random where all `sides` are equal. */
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
