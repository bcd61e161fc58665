import { descendingOrder } from './descending-order.js';
import type { ScoredRows } from './scored-rows.js';

/** Rows by falling probability of one class: sorted once, then used by every metric and every resample. */
export interface Ranking {
  /** Row at each rank. */
  readonly rows: Int32Array;
  /** For each rank, 1 if that row is of the class. */
  readonly positive: Uint8Array;
  /** For each rank, 1 if the next one has a lower probability: the end of a group of ties. */
  readonly closesTie: Uint8Array;
}

export function rankByClass({ labels, probabilities, classes }: ScoredRows, k: number): Ranking {
  const scores = new Float64Array(labels.length);
  for (let row = 0; row < scores.length; row++) scores[row] = Math.max(0, probabilities[row * classes.length + k]);
  const rows = descendingOrder(scores);
  const positive = new Uint8Array(rows.length);
  const closesTie = new Uint8Array(rows.length);
  for (let rank = 0; rank < rows.length; rank++) {
    positive[rank] = labels[rows[rank]] === k ? 1 : 0;
    closesTie[rank] = rank === rows.length - 1 || scores[rows[rank]] !== scores[rows[rank + 1]] ? 1 : 0;
  }
  return { rows, positive, closesTie };
}

/** The classes to rank against the rest: the positive one of two, or each of more (one versus rest). */
export function rankedClasses(classes: ScoredRows['classes']): number[] {
  return classes.length === 2 ? [1] : classes.map((_, k) => k);
}
