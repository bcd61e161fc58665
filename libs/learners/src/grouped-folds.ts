import { LearnerError } from './learner.error.js';
import { type RowSplit, splitWhere } from './stratified.js';

/**
 * Splits rows into `folds` folds that share no group. The largest group comes first, each goes to the fold with the
 * fewest rows, as in scikit-learn's `GroupKFold`.
 *
 * @param groups number of each row's group
 * @throws LearnerError where there are fewer groups than folds
 */
export function groupedFolds(groups: ArrayLike<number>, folds: number): RowSplit[] {
  const sizes = new Map<number, number>();
  for (let row = 0; row < groups.length; row++) sizes.set(groups[row], (sizes.get(groups[row]) ?? 0) + 1);
  if (!Number.isInteger(folds) || folds < 2 || folds > sizes.size)
    throw new LearnerError(`folds is ${folds}; it must be a whole number from 2 to the ${sizes.size} groups of rows`);
  const rows = new Array<number>(folds).fill(0);
  const foldOf = new Map<number, number>();
  for (const [group, size] of [...sizes].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    const lightest = rows.indexOf(Math.min(...rows));
    foldOf.set(group, lightest);
    rows[lightest] += size;
  }
  return rows.map((_, k) => splitWhere(groups.length, (row) => foldOf.get(groups[row]) === k));
}

/**
 * Folds that train only on rows before their test rows, as scikit-learn's `TimeSeriesSplit`. Rows of equal time stay
 * together; rows of unknown time count as the earliest.
 *
 * @param times of the rows, NaN where unknown
 * @returns at most `folds` of them: folds without rows on one side are left out
 * @throws LearnerError where no fold has rows on both sides
 */
export function timedFolds(times: Float64Array, folds: number): RowSplit[] {
  const moments = times.map((time) => (Number.isNaN(time) ? -Infinity : time));
  const sorted = moments.toSorted();
  const cuts = Array.from({ length: folds }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / (folds + 1))]);
  const splits = cuts.flatMap((cut, i) => {
    const end = cuts[i + 1] ?? Infinity;
    const rows = Int32Array.from(moments.keys());
    const train = rows.filter((row) => moments[row] < cut);
    const test = rows.filter((row) => moments[row] >= cut && (i === folds - 1 || moments[row] < end));
    return train.length > 0 && test.length > 0 ? { train, test } : [];
  });
  if (splits.length === 0)
    throw new LearnerError(`folds is ${folds}; the rows are of too few different times to be told apart by them`);
  return splits;
}
