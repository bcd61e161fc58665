import type { BoostingMemory } from '../boosting-memory.js';
import { fastExp } from '../fast-exp.js';

/** A second derivative of 0 would make a row count for nothing. */
export const MIN_CURVATURE = 1e-16;

/** Softmax of each row's margins, for more than two classes: they stay those of the round's beginning. */
export function setProbabilities({ margins, probabilities, classes }: BoostingMemory, from: number, to: number): void {
  for (let at = from * classes; at < to * classes; at += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, margins[at + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const power = fastExp(margins[at + c] - largest);
      probabilities[at + c] = power;
      sum += power;
    }
    for (let c = 0; c < classes; c++) probabilities[at + c] /= sum;
  }
}

/**
 * The curvature to a gradient `p - y`: `p (1 - p)`, which is `|p - y| (1 - |p - y|)` as y is 0 or 1. With more than two
 * classes it is doubled, as in XGBoost: this bounds the part off the diagonal, so that no step overshoots.
 */
export function curvatureFrom(gradient: number, classes: number): number {
  const distance = Math.abs(gradient);
  // Not a choice between the two, for which V8 makes an object of each number.
  return Math.max((classes === 2 ? 1 : 2) * distance * (1 - distance), MIN_CURVATURE);
}

/** First derivatives of the log loss by one margin of each row of a shard, into `packed`, and the shard's sums. */
export function deriveGradients(memory: BoostingMemory, shard: number, from: number, to: number, output: number): void {
  if (memory.classes === 2) return deriveTwoClasses(memory, shard, from, to);
  deriveOneClass(memory, from, to, output);
  const { packed, classes, shardSums } = memory;
  let gradients = 0;
  let curvatures = 0;
  for (let row = from; row < to; row++) {
    gradients += Math.abs(packed[row]);
    curvatures += curvatureFrom(packed[row], classes);
  }
  shardSums[3 * shard] = gradients;
  shardSums[3 * shard + 1] = curvatures;
}

function deriveTwoClasses(memory: BoostingMemory, shard: number, from: number, to: number): void {
  const { margins, labels, packed, shardSums } = memory;
  let gradients = 0;
  let curvatures = 0;
  for (let row = from; row < to; row++) {
    const gradient = 1 / (1 + fastExp(-margins[row])) - labels[row];
    packed[row] = gradient;
    gradients += Math.abs(gradient);
    curvatures += curvatureFrom(gradient, 2);
  }
  shardSums[3 * shard] = gradients;
  shardSums[3 * shard + 1] = curvatures;
}

function deriveOneClass(
  { probabilities, labels, classes, packed }: BoostingMemory,
  from: number,
  to: number,
  output: number,
): void {
  for (let row = from; row < to; row++) {
    packed[row] = probabilities[row * classes + output] - (labels[row] === output ? 1 : 0);
  }
}
