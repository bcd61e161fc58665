/** Counts of rows by true class (line) and predicted class (column), flat, line by line. */
export type ConfusionCounts = ArrayLike<number>;

/** How well one class is recognised. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows that truly are of this class. */
  readonly support: number;
  /** Rows that were said to be of this class. */
  readonly predicted: number;
}

/** Share of rows whose class was predicted (scikit-learn `accuracy_score`). */
export function accuracy(counts: ConfusionCounts, width: number): number {
  let [right, rows] = [0, 0];
  for (let k = 0; k < width; k++) right += counts[k * width + k];
  for (let cell = 0; cell < counts.length; cell++) rows += counts[cell];
  return right / rows;
}

/**
 * Precision TP / (TP + FP), recall TP / (TP + FN) and their harmonic mean F1 = 2 TP / (2 TP + FP + FN) of each class
 * (van Rijsbergen: Information Retrieval, 1979). A ratio of 0 to 0 is 0, scikit-learn's `zero_division`.
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
 * The plain mean over classes (scikit-learn `average="macro"`). Like there, a class that neither occurs nor is
 * predicted does not count.
 */
export function macroAverage(scores: readonly ClassScores[]): Averaged {
  return averaged(scores, ({ support, predicted }) => (support + predicted > 0 ? 1 : 0));
}

/** The mean over classes, weighted by how often they occur (scikit-learn `average="weighted"`). */
export function weightedAverage(scores: readonly ClassScores[]): Averaged {
  return averaged(scores, ({ support }) => support);
}
