import type { ClassLabel } from '#bundle';
import type { BatchPrediction } from '#runtime';
import type { RowWriter } from './include/write-shares.js';
import { roundProbability } from './prediction-format.js';

/**
 * Writes what a model says of a row: a label and its probability, of a regression the number.
 *
 * @param before text of a row up to its probability, by its label
 * @param beforeValue text up to the number of a regression
 */
export function answerWriter(
  { labels, classIndices, probabilities, values }: BatchPrediction,
  before: (label: ClassLabel) => string,
  beforeValue: string,
): RowWriter {
  if (values) return (row) => `${beforeValue}${values[row]}`;
  const heads = labels.map(before);
  return (row) => heads[classIndices[row]] + roundProbability(probabilities[row]);
}

/** How many rows have been answered. */
export const countOf = ({ classIndices, values }: BatchPrediction): number => (values ?? classIndices).length;
