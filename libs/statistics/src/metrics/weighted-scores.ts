import { accuracy, classScores, macroAverage } from './class-scores.js';
import { rowLosses } from './log-loss.js';
import { predictedClasses } from './predicted-classes.js';
import { rankByClass, rankedClasses, type Ranking } from './ranking.js';
import { rocAuc } from './roc-auc.js';
import type { ScoredRows } from './scored-rows.js';

/** The metrics with an interval. */
export interface HeadlineScores {
  readonly accuracy: number;
  /** With two classes that of the positive class, with more the unweighted mean. */
  readonly f1: number;
  /** With more than two classes, the unweighted mean of one versus rest (scikit-learn `multi_class="ovr"`). */
  readonly roc_auc: number | null;
  readonly log_loss: number;
}

/** Precomputes predictions, rankings and logarithms, so that scoring a resample is one pass over counts. */
export class WeightedScores {
  readonly predicted: Int32Array;
  /** By class index, for {@link rankedClasses} only. */
  readonly rankings: ReadonlyMap<number, Ranking>;
  /** Rows by true and predicted class of the last call of {@link measure}. */
  readonly counts: Int32Array;
  private readonly width: number;
  private readonly cells: Int32Array;
  private readonly losses: Float64Array;

  constructor(rows: ScoredRows) {
    this.width = rows.classes.length;
    this.predicted = predictedClasses(rows);
    this.rankings = new Map(rankedClasses(rows.classes).map((k) => [k, rankByClass(rows, k)]));
    this.counts = new Int32Array(this.width ** 2);
    this.cells = this.predicted.map((predicted, row) => rows.labels[row] * this.width + predicted);
    this.losses = rowLosses(rows);
  }

  /** @param weights how often each row counts; their sum is the number of rows */
  measure(weights: Uint8Array): HeadlineScores {
    const { counts, cells, losses, width } = this;
    counts.fill(0);
    let loss = 0;
    for (let row = 0; row < cells.length; row++) {
      counts[cells[row]] += weights[row];
      loss += weights[row] * losses[row];
    }
    const scores = classScores(counts, width);
    return {
      accuracy: accuracy(counts, width),
      f1: width === 2 ? scores[1].f1 : macroAverage(scores).f1,
      roc_auc: this.meanRocAuc(weights),
      log_loss: loss / losses.length,
    };
  }

  private meanRocAuc(weights: Uint8Array): number | null {
    let sum = 0;
    for (const ranking of this.rankings.values()) {
      const area = rocAuc(ranking, weights);
      if (area === null) return null;
      sum += area;
    }
    return sum / this.rankings.size;
  }
}
