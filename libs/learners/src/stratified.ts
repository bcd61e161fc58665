import { LearnerError } from './learner.error.js';
import { RandomStream } from '#kit';

/** Two disjoint sets that together hold all rows, each ascending. */
export interface RowSplit {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Splits rows into `folds` folds, stratified by class. Each class is shuffled and dealt out in turn, starting where the
 * previous one stopped, so that fold sizes differ by at most one.
 *
 * @returns one split per fold; the `test` sets are disjoint
 * @throws LearnerError unless 2 <= folds <= rows
 */
export function stratifiedFolds(labels: ArrayLike<number>, folds: number, seed: number): RowSplit[] {
  if (!Number.isInteger(folds) || folds < 2 || folds > labels.length) {
    throw new LearnerError(`folds is ${folds}; it must be a whole number from 2 to the ${labels.length} rows`);
  }
  const fold = new Int32Array(labels.length);
  let dealt = 0;
  for (const rows of shuffledByClass(labels, seed)) for (const row of rows) fold[row] = dealt++ % folds;
  return Array.from({ length: folds }, (_, k) => splitWhere(labels.length, (row) => fold[row] === k));
}

/**
 * Splits off a test set, stratified by class: `testShare` of all rows, rounded, apportioned to the classes by largest
 * remainder.
 *
 * @throws LearnerError unless both sides get at least one row
 */
export function stratifiedSplit(labels: ArrayLike<number>, testShare: number, seed: number): RowSplit {
  const rows = labels.length;
  const tested = Math.round(rows * testShare);
  if (!(tested >= 1 && tested < rows)) {
    throw new LearnerError(`testShare is ${testShare}; of ${rows} rows it must leave at least one on each side`);
  }
  const classes = shuffledByClass(labels, seed);
  const quotas = classes.map(({ length }) => (length * tested) / rows);
  const counts = quotas.map(Math.floor);
  const byRemainder = [...quotas.keys()].sort((a, b) => quotas[b] - counts[b] - (quotas[a] - counts[a]) || a - b);
  const missing = tested - counts.reduce((sum, count) => sum + count, 0);
  for (const c of byRemainder.slice(0, missing)) counts[c]++;
  const isTest = new Uint8Array(rows);
  classes.forEach((ofClass, c) => ofClass.subarray(0, counts[c]).forEach((row) => (isTest[row] = 1)));
  return splitWhere(rows, (row) => isTest[row] === 1);
}

function shuffledByClass(labels: ArrayLike<number>, seed: number): Int32Array[] {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const known = rows.get(labels[row]);
    if (known) known.push(row);
    else rows.set(labels[row], [row]);
  }
  const random = new RandomStream(seed, 0);
  return [...rows.keys()]
    .sort((a, b) => a - b)
    .map((label) => {
      const shuffled = Int32Array.from(rows.get(label) ?? []);
      for (let i = 0; i < shuffled.length; i++) random.swapIn(shuffled, i);
      return shuffled;
    });
}

/** Splits rows by a condition. */
export function splitWhere(rows: number, isTest: (row: number) => boolean): RowSplit {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return { train: all.filter((row) => !isTest(row)), test: all.filter(isTest) };
}
