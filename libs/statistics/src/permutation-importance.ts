import { RandomStream } from '#kit';
import { evenPlaces } from './even-places.js';
import { predictedClasses } from './metrics/predicted-classes.js';

/** By how much the accuracy drops when a feature's values are dealt out again. */
export interface FeatureImportance {
  readonly feature: string;
  readonly mean: number;
  /** Population standard deviation over the repeats. */
  readonly standard_deviation: number;
}

export interface ImportanceOptions<Column extends Float32Array | Float64Array> {
  readonly features: readonly string[];
  /** One column per feature. */
  readonly columns: readonly Column[];
  /** Index of each row's true class. */
  readonly labels: ArrayLike<number>;
  /** Row by row, one probability per class. */
  readonly predict: (columns: readonly Column[]) => Promise<Float64Array>;
  readonly seed: number;
  /** Of more rows, so many are taken, evenly: files are often sorted by class. */
  readonly maxRows: number;
  /** How often each feature is shuffled, at least once. */
  readonly repeats: number;
}

/**
 * Permutation importance (Breiman: Random forests, 2001; Fisher, Rudin, Dominici: All models are wrong, but many are
 * useful, 2019) as scikit-learn's `permutation_importance` defines it. Two features that tell the same both seem to
 * matter little. One call of `predict` at a time; the given columns stay as they are.
 */
export async function permutationImportance<Column extends Float32Array | Float64Array>(
  options: ImportanceOptions<Column>,
): Promise<FeatureImportance[]> {
  const { features, predict, seed, repeats } = options;
  const rows = evenPlaces(options.labels.length, options.maxRows);
  const labels = rows.map((row) => options.labels[row]);
  const columns = options.columns.map((column) => {
    const taken = column.slice(0, rows.length) as Column;
    rows.forEach((row, i) => (taken[i] = column[row]));
    return taken;
  });
  const random = new RandomStream(seed, 0);
  const accuracyOn = async (given: readonly Column[]): Promise<number> => {
    const probabilities = await predict(given);
    const predicted = predictedClasses(probabilities, probabilities.length / labels.length);
    let right = 0;
    for (let row = 0; row < labels.length; row++) if (predicted[row] === labels[row]) right++;
    return right / labels.length;
  };
  const whole = await accuracyOn(columns);
  const importances: FeatureImportance[] = [];
  for (const [c, feature] of features.entries()) {
    const drops: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const shuffled = columns[c].slice() as Column;
      random.shuffle(shuffled);
      drops.push(whole - (await accuracyOn(columns.with(c, shuffled))));
    }
    const mean = drops.reduce((sum, drop) => sum + drop, 0) / repeats;
    const variance = drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / repeats;
    importances.push({ feature, mean, standard_deviation: Math.sqrt(variance) });
  }
  return importances;
}
