import { bootstrapIntervals } from './bootstrap/bootstrap-intervals.js';
import { CONFIDENCE } from './bootstrap/percentile-interval.js';
import { type BootstrapOptions, resampleWeights } from './bootstrap/resamples.js';
import type { ClassifierEvaluation, ClassReport } from './classifier-evaluation.js';
import { classCurves } from './curves/class-curves.js';
import { averagePrecision } from './metrics/average-precision.js';
import { brierScore } from './metrics/brier-score.js';
import { calibrationTable, expectedCalibrationError } from './metrics/calibration.js';
import { classScores, macroAverage, weightedAverage } from './metrics/class-scores.js';
import type { Ranking } from './metrics/ranking.js';
import { checkScoredRows, type ScoredRows } from './metrics/scored-rows.js';
import { thresholdTable } from './metrics/threshold-table.js';
import { type HeadlineScores, WeightedScores } from './metrics/weighted-scores.js';

/** Mean over classes (scikit-learn `average="macro"`); with two classes, that of the positive one. */
function meanAveragePrecision(rankings: readonly Ranking[]): number | null {
  const precisions = rankings.map(averagePrecision);
  if (precisions.includes(null)) return null;
  return precisions.reduce<number>((sum, precision) => sum + precision!, 0) / precisions.length;
}

function notesOn(perClass: readonly ClassReport[], resampled: readonly HeadlineScores[]): string[] {
  const notes = perClass.flatMap(({ class: label, support, predicted }) => [
    ...(support === 0
      ? [`No row is of class ${label}: its recall counts as 0, and ROC AUC or PR AUC may be undefined.`]
      : []),
    ...(predicted === 0 ? [`No row is predicted as class ${label}: its precision counts as 0.`] : []),
  ]);
  const lacking = resampled.filter((scores) => scores.roc_auc === null).length;
  if (lacking > 0) {
    notes.push(`${lacking} of ${resampled.length} resamples lack a class and have no say in the interval of ROC AUC.`);
  }
  return notes;
}

/**
 * Evaluates a classifier by the labels and probabilities of a test part, with bootstrap intervals of the headline
 * metrics. The same rows and seed give the same numbers.
 *
 * @throws InputError when there is no row, or shapes, labels or probabilities are wrong
 */
export function evaluateClassifier(sample: ScoredRows & BootstrapOptions): ClassifierEvaluation {
  checkScoredRows(sample);
  const { labels, classes, threshold, seed, resamples } = sample;
  const scores = new WeightedScores(sample);
  const headline = scores.measure(new Uint8Array(labels.length).fill(1));
  const counts = [...scores.counts];
  const width = classes.length;
  const perClass = classScores(counts, width).map((one, k) => ({ class: classes[k], ...one }));
  const resampled = Array.from(resampleWeights(labels.length, sample), (weights) => scores.measure(weights));
  const { precision, recall } = width === 2 ? perClass[1] : macroAverage(perClass);
  const weighted = weightedAverage(perClass);
  const calibration = calibrationTable(sample);
  return {
    rows: labels.length,
    classes,
    metrics: {
      ...headline,
      precision,
      recall,
      ...(width > 2 && {
        precision_weighted: weighted.precision,
        recall_weighted: weighted.recall,
        f1_weighted: weighted.f1,
      }),
      pr_auc: meanAveragePrecision([...scores.rankings.values()]),
      brier: brierScore(sample),
      calibration_error: expectedCalibrationError(calibration),
    },
    bootstrap: { seed, resamples, confidence: CONFIDENCE },
    intervals: bootstrapIntervals(resampled),
    confusion_matrix: classes.map((_, k) => counts.slice(k * width, (k + 1) * width)),
    per_class: perClass,
    calibration,
    curves: Array.from(scores.rankings, ([k, ranking]) => classCurves(classes[k], ranking)),
    ...(threshold !== undefined && { threshold }),
    ...(width === 2 && { thresholds: thresholdTable(sample) }),
    notes: notesOn(perClass, resampled),
  };
}
