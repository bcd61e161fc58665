import { RandomStream } from '#kit';
import { evenPlaces } from './even-places.js';
import type { PredictedRows } from './evaluate-regression.js';
import { predictedClasses } from './metrics/predicted-classes.js';
import type { ScoredRows } from './metrics/scored-rows.js';

/** By how much predictions get worse when a feature's values are dealt out again. */
export interface FeatureImportance {
  readonly feature: string;
  readonly mean: number;
  /** Population standard deviation over the repeats. */
  readonly standard_deviation: number;
}

/** What predictions of some rows, in their order, are worth: more is better. */
export type ImportanceScore = (predictions: Float64Array, rows: readonly number[]) => number;

export interface ImportanceOptions<Column extends Float32Array | Float64Array> {
  readonly features: readonly string[];
  /** One column per feature. */
  readonly columns: readonly Column[];
  /** {@link accuracyScore}, {@link errorScore} */
  readonly score: ImportanceScore;
  /** Row by row, one probability per class; of a regression one number. */
  readonly predict: (columns: readonly Column[]) => Promise<Float64Array>;
  readonly seed: number;
  /** Of more rows, so many are taken, evenly: files are often sorted by class. */
  readonly maxRows: number;
  /** How often each feature is shuffled, at least once. */
  readonly repeats: number;
}

/** Importance is by how much the accuracy drops. */
export function accuracyScore({ labels, ...sample }: Omit<ScoredRows, 'probabilities'>): ImportanceScore {
  return (probabilities, rows) => {
    const predicted = predictedClasses({ ...sample, labels: rows, probabilities });
    let right = 0;
    rows.forEach((row, i) => (right += Number(predicted[i] === labels[row])));
    return right / rows.length;
  };
}

/** Importance is by how much the root of the mean squared error rises. */
export function errorScore({ targets }: Pick<PredictedRows, 'targets'>): ImportanceScore {
  return (predictions, rows) =>
    -Math.sqrt(rows.reduce((sum, row, i) => sum + (predictions[i] - targets[row]) ** 2, 0) / rows.length);
}

/**
 * Permutation importance (Breiman: Random forests, 2001; Fisher, Rudin, Dominici: All models are wrong, but many are
 * useful, 2019) as scikit-learn's `permutation_importance` defines it. Two features that tell the same both seem to
 * matter little. One call of `predict` at a time; the given columns stay as they are.
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
