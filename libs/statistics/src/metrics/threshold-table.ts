import { accuracy, classScores } from './class-scores.js';
import { predictedClasses } from './predicted-classes.js';
import type { ScoredRows } from './scored-rows.js';

/** The scores of a classifier of two classes at one threshold on the positive class. */
export interface ThresholdScores {
  readonly threshold: number;
  readonly accuracy: number;
  /** Of the positive class. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows that would be predicted positive. */
  readonly predicted: number;
}

/** 5 %, 10 %, ... 95 %. */
const THRESHOLDS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Scores of the positive class of two at thresholds in steps of 5 %. */
export function thresholdTable(rows: ScoredRows): ThresholdScores[] {
  return THRESHOLDS.map((threshold) => {
    const counts = new Int32Array(4);
    predictedClasses({ ...rows, threshold }).forEach((predicted, row) => counts[rows.labels[row] * 2 + predicted]++);
    const [, { precision, recall, f1, predicted }] = classScores(counts, 2);
    return { threshold, accuracy: accuracy(counts, 2), precision, recall, f1, predicted };
  });
}
