import type { Golden, ClassLabel } from '#bundle';
import { CHUNK_ROWS, type FeatureTransform } from '#features';
import { InputError, RandomStream } from '#kit';
import { COMPARISON, type TreeEnsemble } from '#onnx';
import { kindOf, type RawColumn } from '#schema';
import { ensemblesOf, type Estimator } from '../estimator/estimator.js';
import { predict } from '../estimator/predict.js';
import { neighbours } from './neighbours.js';

const LEAST_ROWS = 256;
const MOST_ROWS = 4_096;
/** One in this many values is missing. */
const MISSING_SHARE = 8;
/** The square of a larger number overflows, so the column's distribution could not be described. */
const LARGEST = 2 ** 500;
/** Number of values of a column that no node compares directly. */
const ANY_VALUES = 64;

/** Adds the split points of each feature: thresholds with the numbers next to them, codes and one in no set. */
function addTurningPoints(ensemble: TreeEnsemble, points: readonly Set<number>[]): void {
  const { feature, threshold, comparison, left, setStart, setCodes, input } = ensemble;
  left.forEach((child, node) => {
    if (child < 0) return;
    const own = points[feature[node]];
    if (comparison[node] === COMPARISON.member) {
      const codes = setCodes.subarray(setStart[node], setStart[node + 1]);
      for (const code of codes) own.add(code);
      own.add(codes[codes.length - 1] + 1);
    } else {
      for (const value of neighbours(threshold[node], input)) if (Math.abs(value) < LARGEST) own.add(value);
    }
  });
}

/** The values of a column that are worth testing. */
function valuesOf(column: RawColumn, points: ReadonlySet<number> | undefined, random: RandomStream): number[] {
  const kind = kindOf(column);
  if (column.type === 'category' || column.type === 'text') return (column.values ?? []).map((_, code) => code);
  if (column.type === 'boolean') return [0, 1];
  if (!points) return Array.from({ length: ANY_VALUES }, () => kind.valueAt(column, random.uniform()));
  const values = kind.isWhole ? [...points].flatMap((value) => [Math.floor(value), Math.ceil(value)]) : [...points];
  return [...new Set(values)];
}

/** In place (Fisher, Yates). */
function shuffle(values: number[], random: RandomStream): number[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
  return values;
}

/**
 * Golden rows for a model whose source answered none: thresholds and the numbers next to them, codes and missing
 * values, combined at random, and answered in float64 by walking the trees. They prove the graph against the translated
 * model, not against its source.
 *
 * @param classes empty in a regression
 * @throws InputError where no such row gives valid features
 */
export function translatedGolden(
  estimator: Estimator,
  transform: FeatureTransform,
  classes: readonly ClassLabel[],
): Golden {
  const random = new RandomStream(1, 0);
  const points = transform.outputs.map(() => new Set<number>());
  for (const ensemble of ensemblesOf(estimator)) addTurningPoints(ensemble, points);
  const pointsOf = ({ name }: RawColumn): Set<number> | undefined => {
    const own = points[transform.outputs.indexOf(name)];
    return own && own.size > 0 ? own : undefined;
  };
  const candidates = transform.inputs.map((column) => {
    const values = valuesOf(column, pointsOf(column), random);
    const missing = column.nullable ? 1 + Math.floor(values.length / MISSING_SHARE) : 0;
    return shuffle([...values, ...new Array<number>(missing).fill(NaN)], random);
  });
  const most = candidates.reduce((length, values) => Math.max(length, values.length), LEAST_ROWS);
  const rows = Math.min(MOST_ROWS, most);
  const raw = candidates.map((values) => Float64Array.from({ length: rows }, (_, i) => values[i % values.length]));
  const golden = answered(transform, raw, (features) => {
    const prediction = predict(estimator, features, classes.length === 0);
    if (classes.length === 0) return { probabilities: [], prediction: prediction[0] };
    return { probabilities: prediction, prediction: classes[prediction.indexOf(Math.max(...prediction))] };
  });
  const taken = golden.rows.filter(({ features }) => isTaken(features, transform));
  if (taken.length > 0) return { ...golden, rows: taken };
  throw new InputError(
    'No test row for the model could be generated; give rows with answers of the source by --golden.',
  );
}

/** Whether a model accepts these features: a step such as the logarithm may give an invalid number. */
function isTaken(features: readonly (number | null)[], { dtype, acceptsMissing }: FeatureTransform): boolean {
  return features.every((feature) => {
    const given = feature ?? NaN;
    return Number.isNaN(given) ? acceptsMissing : Number.isFinite(dtype === 'float32' ? Math.fround(given) : given);
  });
}

/** Golden rows of raw columns, answered by the translated model. */
export function answered(
  transform: FeatureTransform,
  raw: readonly Float64Array[],
  answer: (features: readonly number[], row: number) => Pick<Golden['rows'][number], 'probabilities' | 'prediction'>,
): Golden {
  const readers = transform.inputs.map((column) => kindOf(column).reader(column));
  const total = raw[0].length;
  const rows: Golden['rows'][number][] = [];
  for (let start = 0; start < total; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, total - start);
    const columns = transform.compute(raw, start, count);
    for (let i = 0; i < count; i++) {
      const features = columns.map((column) => column[i]);
      const input = transform.inputs.map(({ name }, c) => [name, readers[c].toValue(raw[c][start + i])] as const);
      rows.push({ input: Object.fromEntries(input), features, ...answer(features, start + i) });
    }
  }
  return { format_version: 1, rows };
}
