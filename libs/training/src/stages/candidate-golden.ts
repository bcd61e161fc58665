import { FeaturePipeline, type FittedPipeline } from '#features';
import { evenPlaces, predictedClasses } from '#statistics';
import type { Golden, GoldenRow } from '#bundle';
import type { PreparedPart } from '../data/prepared.js';
import { InputError } from '#kit';
import { kindOf } from '#schema';

/** Enough to visit most branches of a model, few enough to replay in milliseconds at every load. */
const GOLDEN_ROWS = 256;

/** Rows of the test part in the form of requests. */
function goldenData(
  pipeline: FittedPipeline,
  { raw }: PreparedPart,
): (Pick<GoldenRow, 'input' | 'features'> & { readonly row: number })[] {
  const transform = new FeaturePipeline().compile(pipeline);
  const readers = pipeline.inputs.map((column) => kindOf(column).reader(column));
  return evenPlaces(raw[0].length, GOLDEN_ROWS).map((row) => ({
    row,
    input: Object.fromEntries(pipeline.inputs.map(({ name }, c) => [name, readers[c].toValue(raw[c][row])])),
    features: transform.compute(raw, row, 1).map((column) => column[0]),
  }));
}

/**
 * Golden rows from the test part. @param labels of the classes; empty in a regression @param threshold of two classes
 */
export function goldenOf(
  pipeline: FittedPipeline,
  part: PreparedPart,
  probabilities: Float64Array,
  labels: readonly (number | string)[] | undefined,
  threshold?: number,
): Golden {
  const rows = goldenData(pipeline, part).map(({ row, input, features }) => {
    if (labels === undefined) return { input, features, probabilities: [], prediction: probabilities[row] };
    const shares = [...probabilities.subarray(row * labels.length, (row + 1) * labels.length)];
    const one = { labels: [row], probabilities: Float64Array.from(shares), classes: labels, threshold };
    return { input, features, probabilities: shares, prediction: labels[predictedClasses(one)[0]] };
  });
  return { format_version: 1, rows };
}

/**
 * Rejects a candidate of another split, which was trained on rows of this test part, or of another recipe.
 *
 * @throws InputError when the candidate's golden rows do not match this test part, pipeline and classes
 */
export function checkGolden(
  { rows }: Golden,
  pipeline: FittedPipeline,
  part: PreparedPart,
  labels: readonly (number | string)[],
): void {
  const dataOf = (data: readonly Pick<GoldenRow, 'input' | 'features'>[]): string =>
    JSON.stringify(data.map(({ input, features }) => [input, features]));
  const sameClasses = rows.every(
    ({ probabilities, prediction }) =>
      probabilities.length === labels.length && (labels.length === 0 || labels.includes(prediction)),
  );
  if (sameClasses && dataOf(rows) === dataOf(goldenData(pipeline, part))) return;
  throw new InputError('The candidate was trained before the data were prepared again: run "train" again.');
}
