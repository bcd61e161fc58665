import type { FeatureTransform } from '#features';
import { forestProbabilities } from '#learners';
import { InputError, RandomStream, readText } from '#kit';
import type { Golden, GoldenRow } from '#bundle';
import { kindOf } from '#schema';
import { evenPlaces } from '#statistics';
import type { ForestDump } from './forest-dump.js';

/** Enough rows to visit every branch of a typical forest, few enough to replay in milliseconds. */
const MAX_GOLDEN_ROWS = 256;

interface RecordedRow extends Omit<GoldenRow, 'probabilities'> {
  readonly proba: readonly number[];
  readonly error?: string;
}

function parseLine(line: string, where: string): RecordedRow {
  let row: Partial<RecordedRow> | null;
  try {
    row = JSON.parse(line) as Partial<RecordedRow> | null;
  } catch {
    throw new InputError(`${where} is not JSON.`);
  }
  const isWhole =
    typeof row?.input === 'object' && row.input !== null && Array.isArray(row.features) && Array.isArray(row.proba);
  if (!isWhole && row?.error === undefined) {
    throw new InputError(`${where} must be an object with input, features, prediction and proba, or with error.`);
  }
  return row as RecordedRow;
}

/**
 * Golden rows recorded by the training side: JSON lines of `{input, features, prediction, proba}`. Lines with an
 * `error` are inputs on which the original failed; they are skipped.
 */
export async function recordedGolden(path: string): Promise<Golden> {
  const lines = (await readText(path)).split('\n').filter((line) => line.trim() !== '');
  const rows = lines.map((line, i) => parseLine(line, `${path}: line ${i + 1}`));
  const sound = rows.filter((row) => row.error === undefined);
  if (sound.length === 0) throw new InputError(`${path} contains no row with an answer of the source.`);
  const taken = evenPlaces(sound.length, MAX_GOLDEN_ROWS).map((place) => sound[place]);
  return {
    format_version: 1,
    rows: taken.map(({ input, features, proba, prediction }) => ({
      input,
      features,
      probabilities: proba,
      prediction,
    })),
  };
}

/**
 * Golden rows for a dump without recorded ones: random inputs, answered by walking the dumped trees in float64. They
 * prove the exported model against the dump, but not the pipeline against the original's feature code.
 */
export function computedGolden(dump: ForestDump, transform: FeatureTransform): Golden {
  const random = new RandomStream(1, 0);
  const readers = transform.inputs.map((column) => kindOf(column).reader(column));
  const raw = transform.inputs.map((column) => {
    const kind = kindOf(column);
    return Float64Array.from({ length: MAX_GOLDEN_ROWS }, () => kind.valueAt(column, random.uniform()));
  });
  const columns = transform.compute(raw, 0, MAX_GOLDEN_ROWS);
  const rows = Array.from({ length: MAX_GOLDEN_ROWS }, (_, i) => {
    const features = columns.map((column) => column[i]);
    const probabilities = forestProbabilities(dump, features);
    return {
      input: Object.fromEntries(transform.inputs.map(({ name }, c) => [name, readers[c].toValue(raw[c][i])])),
      features,
      probabilities,
      prediction: dump.classes[probabilities.indexOf(Math.max(...probabilities))],
    };
  });
  return { format_version: 1, rows };
}
