import type { Golden } from '#bundle';
import type { TreeEnsemble } from '#onnx';
import { partialSums } from './partial-sums.js';

/** XGBoost sums in float32: each partial sum is rounded to 24 bits. */
const SINGLE = 2 ** -24;
/** Rounding of probabilities in a table of float32 numbers. */
const RECORDED = 1.2e-7;
/** Lower bound for XGBoost's numbers, which are float32. */
const RELATIVE = 1e-6;
/** As in manifest.schema.json: a larger tolerance proves nothing. */
const MOST = 1e-3;

/**
 * The allowed difference between answers of XGBoost, which sums in float32, and ours, which are exact: T x 2^-24 of the
 * largest partial sum over the given rows. A probability moves by a quarter of it, with several classes by half, a
 * number in proportion.
 *
 * @returns undefined for models that are summed in float64
 */
export function sourceTolerance(ensemble: TreeEnsemble, { rows }: Golden): number | undefined {
  if (ensemble.input !== 'float32') return undefined;
  let largest = 0;
  let squares = 0;
  for (const { features, prediction } of rows) {
    largest = Math.max(
      largest,
      partialSums(
        ensemble,
        features.map((feature) => feature ?? NaN),
      ),
    );
    squares += Number(prediction) ** 2;
  }
  const margin = ensemble.roots.length * SINGLE * largest;
  const { link } = ensemble;
  if (link === 'logistic' || link === 'softmax')
    return Math.min(MOST, margin / (link === 'logistic' ? 4 : 2) + RECORDED);
  const relative = link === 'exponential' ? margin : margin / (Math.sqrt(squares / rows.length) || 1);
  return Math.min(MOST, Math.max(RELATIVE, relative));
}
