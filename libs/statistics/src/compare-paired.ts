import { type Interval, percentileInterval } from './bootstrap/percentile-interval.js';
import { type BootstrapOptions, resampleWeights } from './bootstrap/resamples.js';
import { type ClassScores, classScores } from './metrics/class-scores.js';
import { mcnemar, type McNemar } from './metrics/mcnemar.js';
import { checkScoredRows, type ScoredRows } from './metrics/scored-rows.js';
import { type HeadlineScores, WeightedScores } from './metrics/weighted-scores.js';

/** One metric of both models. */
export interface Difference extends Interval {
  readonly candidate: number;
  readonly champion: number;
  /** Candidate minus champion, as are the bounds of the interval; for log loss, lower is better. */
  readonly difference: number;
}

/** A candidate and the champion on the same rows. */
export interface PairedComparison {
  readonly rows: number;
  readonly accuracy: Difference;
  readonly log_loss: Difference;
  /** Null when a class has no rows. */
  readonly roc_auc: Difference | null;
  readonly mcnemar: McNemar;
  /** The scores of each class on these rows. */
  readonly per_class: readonly ClassPair[];
}

/** The scores of one class for both models. */
export interface ClassPair {
  readonly class: string | number;
  readonly candidate: ClassScores;
  readonly champion: ClassScores;
}

export interface PairedSample extends BootstrapOptions {
  readonly labels: ScoredRows['labels'];
  readonly classes: ScoredRows['classes'];
  readonly candidate: ScoredRows['probabilities'];
  readonly champion: ScoredRows['probabilities'];
  /** With two classes, where either model has a threshold. */
  readonly thresholds?: { readonly candidate?: number; readonly champion?: number };
}

type Scores = Pick<HeadlineScores, 'accuracy' | 'log_loss' | 'roc_auc'>;
type Pair = readonly [candidate: Scores, champion: Scores];

function differenceIn(
  metric: keyof Scores,
  [candidate, champion]: Pair,
  resampled: readonly Pair[],
): Difference | null {
  const minus = ([one, other]: Pair): number | null =>
    one[metric] === null || other[metric] === null ? null : one[metric] - other[metric];
  const difference = minus([candidate, champion]);
  if (difference === null) return null;
  // Without resamples the interval is the difference itself.
  const interval = percentileInterval(resampled.map(minus)) ?? { low: difference, high: difference };
  return { candidate: candidate[metric]!, champion: champion[metric]!, difference, ...interval };
}

/**
 * Differences between two models with paired bootstrap intervals: both are scored on the same resamples, so that noise
 * common to both cancels out (Efron and Tibshirani 1993; Dror et al.: The hitchhiker's guide to testing statistical
 * significance, 2018).
 *
 * @throws InputError when there is no row, or shapes, labels or probabilities are wrong
 */
export function comparePaired(sample: PairedSample): PairedComparison {
  const { labels, classes, thresholds = {} } = sample;
  const [candidate, champion] = (['candidate', 'champion'] as const).map((side) => {
    const rows = { labels, probabilities: sample[side], classes, threshold: thresholds[side] };
    checkScoredRows(rows);
    return new WeightedScores(rows);
  });
  const measure = (weights: Uint8Array): Pair => [candidate.measure(weights), champion.measure(weights)];
  const whole = measure(new Uint8Array(labels.length).fill(1));
  const [own, other] = [candidate, champion].map(({ counts }) => classScores(counts, classes.length));
  const resampled = Array.from(resampleWeights(labels.length, sample), measure);
  return {
    rows: labels.length,
    accuracy: differenceIn('accuracy', whole, resampled)!,
    log_loss: differenceIn('log_loss', whole, resampled)!,
    roc_auc: differenceIn('roc_auc', whole, resampled),
    mcnemar: mcnemar(labels, candidate.predicted, champion.predicted),
    per_class: classes.map((label, k) => ({ class: label, candidate: own[k], champion: other[k] })),
  };
}
