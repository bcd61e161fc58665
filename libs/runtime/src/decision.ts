import type { Manifest } from '#bundle';
import { argmax } from '#statistics';
import type { Scores } from './engine.js';

/** Returns the index of the predicted class of the row whose scores start at `offset`. */
export type Decision = (scores: Scores, offset: number) => number;

/** Predicts the class of the largest score, the first of equal ones; a binary model may have a threshold instead. */
export function decisionOf({ classes, threshold }: Pick<Manifest, 'classes' | 'threshold'>): Decision {
  const { length } = classes;
  if (threshold === undefined) return (scores, offset) => argmax(scores, offset, length);
  return (scores, offset) => Number(scores[offset + 1] >= threshold);
}
