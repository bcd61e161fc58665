import { RandomStream } from '#kit';
import { evenPlaces } from './even-places.js';
import type { PredictedRows } from './evaluate-regression.js';
import { predictedClasses } from './metrics/predicted-classes.js';
import type { ScoredRows } from './metrics/scored-rows.js';

/** How much predictions get worse when a feature's values are shuffled. */
export interface FeatureImportance {
  readonly feature: string;
  readonly mean: number;
  /** Population standard deviation over the repeats. */
  readonly standard_deviation: number;
}

/** Scores predictions of some rows, given in order: higher is better. */
export type ImportanceScore = (predictions: Float64Array, rows: readonly number[]) => number;

export interface ImportanceOptions<Column extends Float32Array | Float64Array> {
  readonly features: readonly string[];
  /** One column per feature. */
  readonly columns: readonly Column[];
  /** {@link accuracyScore}, {@link errorScore} */
  readonly score: ImportanceScore;
  /** One probability per class, row-major; for a regression one number per row. */
  readonly predict: (columns: readonly Column[]) => Promise<Float64Array>;
  readonly seed: number;
  /** If there are more rows, so many are sampled evenly, because files are often sorted by class. */
  readonly maxRows: number;
  /** Number of shuffles of each feature, at least one. */
  readonly repeats: number;
}

/** Importance is the decrease of accuracy. */
export function accuracyScore({ labels, ...sample }: Omit<ScoredRows, 'probabilities'>): ImportanceScore {
  return (probabilities, rows) => {
    const predicted = predictedClasses({ ...sample, labels: rows, probabilities });
    let right = 0;
    rows.forEach((row, i) => (right += Number(predicted[i] === labels[row])));
    return right / rows.length;
  };
}

/** Importance is the increase of the root mean squared error. */
export function errorScore({ targets }: Pick<PredictedRows, 'targets'>): ImportanceScore {
  return (predictions, rows) =>
    -Math.sqrt(rows.reduce((sum, row, i) => sum + (predictions[i] - targets[row]) ** 2, 0) / rows.length);
}

/**
 * Permutation importance (Breiman: Random forests, 2001; Fisher, Rudin, Dominici: All models are wrong, but many are
 * useful, 2019) as scikit-learn's `permutation_importance` defines it. Of two redundant features, both seem to matter
 * little. Calls `predict` once at a time; does not change the given columns.
 */
export async function permutationImportance<Column extends Float32Array | Float64Array>(
  options: ImportanceOptions<Column>,
): Promise<FeatureImportance[]> {
  const { features, predict, score, seed, repeats } = options;
  const rows = evenPlaces(options.columns[0].length, options.maxRows);
  const columns = options.columns.map((column) => {
    const taken = column.slice(0, rows.length) as Column;
    rows.forEach((row, i) => (taken[i] = column[row]));
    return taken;
  });
  const random = new RandomStream(seed, 0);
  const scoreOf = async (given: readonly Column[]): Promise<number> => score(await predict(given), rows);
  const whole = await scoreOf(columns);
  const importances: FeatureImportance[] = [];
  for (const [c, feature] of features.entries()) {
    const drops: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const shuffled = columns[c].slice() as Column;
      random.shuffle(shuffled);
      drops.push(whole - (await scoreOf(columns.with(c, shuffled))));
    }
    const mean = drops.reduce((sum, drop) => sum + drop, 0) / repeats;
    const variance = drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / repeats;
    importances.push({ feature, mean, standard_deviation: Math.sqrt(variance) });
  }
  return importances;
}
