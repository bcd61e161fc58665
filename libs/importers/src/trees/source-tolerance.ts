import type { Golden } from '#bundle';
import type { TreeEnsemble } from '#onnx';
import { partialSums } from './partial-sums.js';

/** XGBoost adds up float32 numbers, each sum rounded to 24 bits. */
const SINGLE = 2 ** -24;
/** Probabilities that a table of float32 numbers holds. */
const RECORDED = 1.2e-7;
/** The least for numbers of XGBoost, which are float32. */
const RELATIVE = 1e-6;
/** As in manifest.schema.json: beyond, nothing is proven. */
const MOST = 1e-3;

/**
 * What may lie between the answers of XGBoost, which adds up in float32, and ours, which are exact: T x 2^-24 of the largest
 * sum on the way, over the rows at hand. A probability moves by a quarter of it, with several classes by half, a number by
 * its share.
 *
 * @returns nothing for models that are added up in float64
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
