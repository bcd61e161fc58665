import {
  DataType,
  Dictionary,
  Int32,
  makeData,
  makeVector,
  Precision,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { Problem } from '../../../problem/problem.js';
import { roundProbability } from '../../prediction-format.js';
import type { StampedBatch } from '../../prediction.service.js';

const malformed = (what: string): Problem =>
  new Problem('bad-request', `The body is no Arrow IPC stream of numbers: ${what}.`);

/**
 * The columns of an IPC stream by name: typed arrays where they hold no null, else arrays with `null`. Too many rows
 * are not decoded.
 *
 * @throws Problem `bad-request`
 */
export function decodeColumns(body: Uint8Array, maxRows: number): Map<string, ArrayLike<unknown>> {
  try {
    const table = tableFromIPC(body);
    if (table.schema.fields.length === 0) throw malformed('it has no columns');
    return new Map(
      table.schema.fields.map(({ name }, c) => [
        name,
        table.numRows > maxRows ? { length: table.numRows } : decodeColumn(name, table.getChildAt(c)!),
      ]),
    );
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw malformed((error as Error).message.replace(/\.$/, ''));
  }
}

function decodeColumn(name: string, vector: Vector): ArrayLike<unknown> {
  const type = vector.type as DataType;
  if (!DataType.isFloat(type) && !DataType.isInt(type)) throw malformed(`the column "${name}" holds no numbers`);
  const isHalf = DataType.isFloat(type) && type.precision === Precision.HALF;
  if (vector.nullCount === 0 && !isHalf) {
    const values = vector.toArray() as ArrayLike<number> | BigInt64Array | BigUint64Array;
    if (values.length < vector.length) throw malformed(`the column "${name}" is cut short`);
    return typeof values[0] === 'bigint' ? Float64Array.from(values as BigInt64Array, Number) : values;
  }
  return Array.from({ length: vector.length }, (_, row) => {
    const value = vector.get(row) as number | bigint | null;
    return typeof value === 'bigint' ? Number(value) : value;
  });
}

const isInt32 = (label: unknown): boolean => Number.isInteger(label) && Math.abs(label as number) < 2 ** 31;

/** The labels as int32 or float64, or as a dictionary of texts. */
function encodeLabels({ labels, classIndices }: StampedBatch): Vector {
  if (labels.every(isInt32)) return makeVector(new Int32Array(classIndices).map((c) => labels[c] as number));
  if (labels.every((label) => typeof label === 'number')) {
    return makeVector(new Float64Array(classIndices).map((c) => labels[c]));
  }
  const dictionary = vectorFromArray(labels.map(String), new Utf8());
  const type = new Dictionary(new Utf8(), new Int32());
  return makeVector(makeData({ type, data: Int32Array.from(classIndices), dictionary }));
}

/** `prediction` and `probability` (float64, 6 decimals); what all rows share is metadata of the schema. */
export function encodeBatch(batch: StampedBatch): Uint8Array {
  const probability = makeVector(new Float64Array(batch.probabilities).map(roundProbability));
  const table = new Table({ prediction: encodeLabels(batch), probability });
  table.schema.metadata.set('model_version', batch.model_version).set('timestamp', batch.timestamp);
  return tableToIPC(table, 'stream');
}
