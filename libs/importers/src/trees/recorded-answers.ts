import { parse } from 'csv-parse/sync';
import type { ClassLabel, Golden } from '#bundle';
import { type FeatureTransform, type FittedPipeline, readersOf } from '#features';
import { csvFault } from '#schema';
import { InputError, readText } from '#kit';
import type { Estimator } from '../estimator/estimator.js';
import { predict } from '../estimator/predict.js';
import { answered } from './translated-golden.js';

/** The model that answers the rows. */
export interface AnsweringModel {
  readonly estimator: Estimator;
  readonly pipeline: FittedPipeline;
  readonly transform: FeatureTransform;
  /** Empty in a regression. */
  readonly classes: readonly ClassLabel[];
}

type Cells = Readonly<Record<string, string>>;

/** The rows of a CSV file, as cells by column name. */
export interface RecordedAnswers {
  readonly path: string;
  readonly header: readonly string[];
  /** At least one. */
  readonly rows: readonly Cells[];
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(', ') + (names.length > 20 ? `, ... (${names.length})` : '');

/** Whole numbers are equal however they are written: 1 and 1.0. */
const isLabel = (label: ClassLabel, cell: string): boolean =>
  String(label) === cell || (typeof label === 'number' && cell !== '' && Number(cell) === label);

/** Rows answered by the source. @throws InputError where the file is no CSV, or has no rows */
export async function readAnswers(path: string): Promise<RecordedAnswers> {
  const text = await readText(path);
  try {
    const rows: Cells[] = parse(text, { columns: true, skip_empty_lines: true, bom: true });
    if (rows.length > 0) return { path, rows, header: Object.keys(rows[0]) };
  } catch (error) {
    throw new InputError(`${path} is not a CSV file with a header: ${csvFault(error)}.`);
  }
  throw new InputError(`${path} contains no rows; add rows with answers of the source.`);
}

/**
 * Golden rows from a CSV of the source's answers: the raw columns, and `prediction`, `probability` (of the second
 * class) or `probability_<class>`. Answers of a classification that it lacks are computed by the translated model.
 *
 * @throws InputError naming the column or cell that is missing or wrong
 */
export function recordedAnswers(
  { path, rows, header }: RecordedAnswers,
  { estimator, pipeline, transform, classes }: AnsweringModel,
): Golden {
  const { inputs } = pipeline;
  const absent = inputs.find(({ name }) => rows[0][name] === undefined);
  if (absent)
    throw new InputError(
      `${path} has no column "${absent.name}": it needs every column that the model takes, and the answers; its header is ${listed(header)}.`,
    );
  const raw = readersOf(pipeline).map((reader, c) => {
    const { name } = inputs[c];
    return Float64Array.from(rows, (cells, row) => {
      const number = reader.fromText(cells[name]);
      if (number !== undefined) return number;
      throw new InputError(`${path}: row ${row + 1}: "${name}": expected ${reader.expected}, got "${cells[name]}".`);
    });
  });
  const numberIn = (row: number, name: string): number => {
    const cell = rows[row][name].trim();
    const number = cell === '' ? NaN : Number(cell);
    if (Number.isFinite(number)) return number;
    throw new InputError(`${path}: row ${row + 1}: "${name}" is "${cell}", not a number.`);
  };
  const has = (name: string): boolean => rows[0][name] !== undefined;
  const ofClasses = classes.map((label) => `probability_${label}`);
  const isWhole = classes.length > 0 && ofClasses.every(has);
  const ofSecond = classes.length === 2 && has('probability');
  if (!has('prediction') && !isWhole && !ofSecond) {
    const due =
      classes.length === 0
        ? 'prediction'
        : `prediction, ${classes.length === 2 ? 'probability, ' : ''}or ${ofClasses.join(', ')}`;
    throw new InputError(`${path} contains no answers of the source: add the column ${due}.`);
  }
  return answered(transform, raw, (features, row) => {
    if (classes.length === 0) return { probabilities: [], prediction: numberIn(row, 'prediction') };
    const second = ofSecond && !isWhole ? numberIn(row, 'probability') : NaN;
    const probabilities = isWhole
      ? ofClasses.map((name) => numberIn(row, name))
      : ofSecond
        ? [1 - second, second]
        : predict(estimator, features, false);
    if (!probabilities.every((share) => share >= 0 && share <= 1)) {
      throw new InputError(`${path}: row ${row + 1}: a probability is not between 0 and 1.`);
    }
    if (!has('prediction'))
      return { probabilities, prediction: classes[probabilities.indexOf(Math.max(...probabilities))] };
    const cell = rows[row].prediction.trim();
    const prediction = classes.find((label) => isLabel(label, cell));
    if (prediction !== undefined) return { probabilities, prediction };
    throw new InputError(
      `${path}: row ${row + 1}: "prediction" is "${cell}", none of ${classes.join(', ')}: --classes names them in the order of the model.`,
    );
  });
}
