/** Counts of rows by true class (row) and predicted class (column), row-major. */
export type ConfusionCounts = ArrayLike<number>;

/** The scores of one class. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows whose true class this is. */
  readonly support: number;
  /** Rows whose predicted class this is. */
  readonly predicted: number;
}

/** Share of correctly predicted rows (scikit-learn `accuracy_score`). */
export function accuracy(counts: ConfusionCounts, width: number): number {
  let [right, rows] = [0, 0];
  for (let k = 0; k < width; k++) right += counts[k * width + k];
  for (let cell = 0; cell < counts.length; cell++) rows += counts[cell];
  return right / rows;
}

/**
 * Precision TP / (TP + FP), recall TP / (TP + FN) and their harmonic mean F1 = 2 TP / (2 TP + FP + FN) of each class
 * (van Rijsbergen: Information Retrieval, 1979). 0 / 0 is 0, as with scikit-learn's `zero_division=0`.
 */
export function classScores(counts: ConfusionCounts, width: number): ClassScores[] {
  return Array.from({ length: width }, (_, k) => {
    const right = counts[k * width + k];
    let [support, predicted] = [0, 0];
    for (let other = 0; other < width; other++) {
      support += counts[k * width + other];
      predicted += counts[other * width + k];
    }
    return {
      precision: right / (predicted || 1),
      recall: right / (support || 1),
      f1: (2 * right) / (support + predicted || 1),
      support,
      predicted,
    };
  });
}

type Averaged = Pick<ClassScores, 'precision' | 'recall' | 'f1'>;

function averaged(scores: readonly ClassScores[], weight: (scores: ClassScores) => number): Averaged {
  const total = scores.reduce((sum, score) => sum + weight(score), 0);
  const mean = (name: keyof Averaged): number =>
    scores.reduce((sum, score) => sum + score[name] * weight(score), 0) / total;
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}

/**
 * The unweighted mean over classes (scikit-learn `average="macro"`). As there, a class that neither occurs nor is
 * predicted does not count.
 */
export function macroAverage(scores: readonly ClassScores[]): Averaged {
  return averaged(scores, ({ support, predicted }) => (support + predicted > 0 ? 1 : 0));
}

/** The mean over classes, weighted by class frequency (scikit-learn `average="weighted"`). */
export function weightedAverage(scores: readonly ClassScores[]): Averaged {
  return averaged(scores, ({ support }) => support);
}
