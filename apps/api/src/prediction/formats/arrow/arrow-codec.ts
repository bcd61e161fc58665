import {
  DataType,
  Dictionary,
  type Float,
  type Int,
  Int32,
  makeData,
  makeVector,
  Precision,
  Table,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { roundProbability } from '../../prediction-format.js';
import type { StampedBatch } from '../../prediction.service.js';
import { type ArrowColumns, readStream } from './read-stream.js';

/**
 * The columns of an IPC stream by name: typed arrays where they hold no null, else arrays with `null`. Too many rows
 * are not decoded.
 *
 * @throws Problem `bad-request`
 */
export function decodeColumns(body: Buffer, maxRows: number, taken: ArrowColumns): Map<string, ArrayLike<unknown>> {
  return new Map(
    readStream(body, taken).map(({ name, batches }) => {
      const length = batches.reduce((rows, batch) => rows + batch.length, 0);
      return [name, length === 0 || length > maxRows ? { length } : decodeColumn(makeVector(batches))];
    }),
  );
}

function decodeColumn(vector: Vector<Int | Float>): ArrayLike<unknown> {
  const { type } = vector;
  const isHalf = DataType.isFloat(type) && type.precision === Precision.HALF;
  if (vector.nullCount === 0 && !isHalf) {
    const values = vector.toArray() as ArrayLike<number> | BigInt64Array | BigUint64Array;
    return typeof values[0] === 'bigint' ? Float64Array.from(values as BigInt64Array, Number) : values;
  }
  return Array.from({ length: vector.length }, (_, row) => {
    const value = vector.get(row);
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

function encodeClasses(batch: StampedBatch): Record<string, Vector> {
  const probability = makeVector(new Float64Array(batch.probabilities).map(roundProbability));
  return { prediction: encodeLabels(batch), probability, ...encodeShares(batch) };
}

/** One column for each class, where they were asked for. */
function encodeShares({ labels, scores }: StampedBatch): Record<string, Vector> {
  if (!scores) return {};
  const width = labels.length;
  const shareOf = (c: number): Vector =>
    makeVector(
      Float64Array.from({ length: scores.length / width }, (_, row) => roundProbability(scores[row * width + c])),
    );
  return Object.fromEntries(labels.map((label, c) => [`probability_${label}`, shareOf(c)]));
}

/** `prediction`, `probability` (not of a regression, whose numbers are float64) and on request `probability_<class>` (float64, 6 decimals); what all rows share is metadata of the schema. */
export function encodeBatch(batch: StampedBatch): Uint8Array {
  const table = new Table(batch.values ? { prediction: makeVector(batch.values) } : encodeClasses(batch));
  table.schema.metadata.set('model_version', batch.model_version).set('timestamp', batch.timestamp);
  return tableToIPC(table, 'stream');
}
