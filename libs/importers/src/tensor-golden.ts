import { parse } from 'csv-parse/sync';
import type { NamedTensor, TensorSpec } from '#runtime';
import { csvFault } from '#schema';
import { InputError, readText } from '#kit';

/** Rows answered by a model's source. */
export interface TensorGolden {
  /** One tensor per input of the model. */
  readonly inputs: readonly NamedTensor[];
  /** The source's label of each row, as text. */
  readonly labels: readonly string[];
}

const LABEL = 'prediction';
/** The columns of recorded answers. */
const ANSWERS = /^(?:prediction|probability(?:_.*)?)$/;

type Cells = Readonly<Record<string, string>>;

/** The columns of each input: those of its name, or all of them if there is a single input. */
function columnsOf(inputs: readonly TensorSpec[], names: readonly string[], path: string): string[][] {
  if (inputs.every(({ name }) => names.includes(name))) return inputs.map(({ name }) => [name]);
  const width = inputs[0]?.shape[1] ?? 1;
  if (inputs.length === 1 && (width === -1 || width === names.length)) return [[...names]];
  const due = inputs.length === 1 ? `${width} columns, in the order of the features` : 'a column for each input';
  throw new InputError(
    `${path} has the columns ${names.join(', ') || 'none'} beside ${LABEL}; expected are ${due} (${inputs.map(({ name }) => name).join(', ')}).`,
  );
}

function tensorOf(spec: TensorSpec, columns: readonly string[], rows: readonly Cells[], path: string): NamedTensor {
  const { name, datatype } = spec;
  const cells = rows.flatMap((row) => columns.map((column) => row[column]));
  const shape = spec.shape.length === 1 ? [rows.length] : [rows.length, columns.length];
  if (datatype === 'BYTES') return { name, datatype, shape, data: cells };
  const numbers = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
  const wrong = numbers.findIndex((number, i) => Number.isNaN(number) && !/^(?:nan)?$/i.test(cells[i]));
  if (wrong >= 0) {
    throw new InputError(`${path}: row ${Math.floor(wrong / columns.length) + 1} holds no number: "${cells[wrong]}".`);
  }
  if (datatype === 'FP32') return { name, datatype, shape, data: Float32Array.from(numbers) };
  if (datatype === 'FP64') return { name, datatype, shape, data: Float64Array.from(numbers) };
  if (datatype === 'INT32') return { name, datatype, shape, data: Int32Array.from(numbers) };
  if (datatype === 'INT64' && numbers.every(Number.isInteger)) {
    return { name, datatype, shape, data: BigInt64Array.from(numbers, BigInt) };
  }
  throw new InputError(`${path}: the input "${name}" is ${datatype}, which is not read from CSV.`);
}

/**
 * Reads rows that a model's source answered: CSV with a header, where `prediction` is the label and the other columns
 * are the inputs, by name or in the order of the features. `probability` columns are ignored.
 *
 * @throws InputError saying which column is missing or wrong
 */
export async function readTensorGolden(path: string, inputs: readonly TensorSpec[]): Promise<TensorGolden> {
  let rows: Cells[];
  try {
    rows = parse(await readText(path), { columns: true, skip_empty_lines: true, bom: true, trim: true });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} is not a CSV file with a header: ${csvFault(error)}.`);
  }
  if (rows.length === 0 || rows[0][LABEL] === undefined) {
    throw new InputError(`${path} must be CSV with rows and a column "${LABEL}": the label that the source gave.`);
  }
  const columns = columnsOf(
    inputs,
    Object.keys(rows[0]).filter((name) => !ANSWERS.test(name)),
    path,
  );
  return {
    inputs: inputs.map((spec, i) => tensorOf(spec, columns[i], rows, path)),
    labels: rows.map((row) => row[LABEL]),
  };
}
