import { RandomStream } from '#kit';
import type { Target } from '../target.js';

/**
 * Splits rows at random into folds of equal size, stratified by class.
 *
 * @returns the fold of each row, from 0
 */
export function deal({ task, values, classes }: Target, parts: number, seed: number): Int32Array {
  const order = Int32Array.from(values, (_, row) => row);
  new RandomStream(seed, 0).shuffle(order);
  const classOf = (row: number): number => (task === 'regression' ? 0 : values[row]);
  // Each class starts where the one before it ended, so that the folds differ by one row at most.
  const next = new Int32Array(Math.max(classes.length, 1) + 1);
  for (const row of order) next[classOf(row) + 1]++;
  for (let i = 1; i < next.length; i++) next[i] += next[i - 1];
  const dealt = new Int32Array(order.length);
  for (const row of order) dealt[row] = next[classOf(row)]++ % parts;
  return dealt;
}
