import type { Manifest } from '#bundle';
import { argmax } from '#statistics';
import type { Scores } from './engine.js';

/** Tells the index of the class that a row is said to be of, by the scores from `offset` on. */
export type Decision = (scores: Scores, offset: number) => number;

/** The class of the largest score, the first of equals; of two classes by their threshold where they have one. */
export function decisionOf({ classes, threshold }: Pick<Manifest, 'classes' | 'threshold'>): Decision {
  const { length } = classes;
  if (threshold === undefined) return (scores, offset) => argmax(scores, offset, length);
  return (scores, offset) => Number(scores[offset + 1] >= threshold);
}
