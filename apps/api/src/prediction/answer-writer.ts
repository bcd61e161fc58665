import type { ClassLabel } from '#bundle';
import type { BatchPrediction } from '#runtime';
import type { RowWriter } from './include/write-shares.js';
import { roundProbability } from './prediction-format.js';

/**
 * Writes a model's answer for a row: a label and its probability, or the number of a regression.
 * @param before the text of a row up to its probability, by label
 * @param beforeValue the text up to the number of a regression
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

/** The number of answered rows. */
export const countOf = ({ classIndices, values }: BatchPrediction): number => (values ?? classIndices).length;
