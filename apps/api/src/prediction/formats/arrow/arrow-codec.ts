import { idText } from '#runtime';
import {
  Dictionary,
  Int32,
  makeData,
  makeVector,
  Table,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { roundProbability } from '../../prediction-format.js';
import { countOf } from '../../answer-writer.js';
import type { StampedBatch } from '../../prediction.service.js';
import { type Column, DictionaryColumn } from '../../column.js';
import { decodeNumbers, decodeParts, type ArrowPart } from './decode-part.js';
import { malformed } from './malformed.js';
import { type ArrowColumns, readStream, type TakenColumn } from './read-stream.js';

/**
 * The columns of an IPC stream by name: typed arrays for numbers without nulls, otherwise arrays with `null`;
 * dictionaries stay dictionaries. Too many rows are not decoded.
 *
 * @throws Problem `bad-request`
 */
export function decodeColumns(body: Buffer, maxRows: number, taken: ArrowColumns): Map<string, Column> {
  return new Map(
    readStream(body, taken).map((column) => {
      const length = column.batches.reduce((rows, { part }) => rows + part.rows, 0);
      return [column.name, length === 0 || length > maxRows ? { length } : decodeColumn(column, length)];
    }),
  );
}

function decodeColumn(column: TakenColumn, length: number): Column {
  const { name, type, reader, dictionary, batches } = column;
  if (dictionary) return decodeDictionary(column, length);
  return decodeParts(
    type,
    batches.map(({ part }) => part),
    reader,
    name,
  );
}

/** Batches may have their own dictionaries, whose values are concatenated. */
function decodeDictionary({ name, type, reader, dictionary, batches }: TakenColumn, length: number): DictionaryColumn {
  const starts = new Map<readonly ArrowPart[], number>();
  const values: unknown[] = [];
  const places = new Int32Array(length);
  let row = 0;
  for (const { part, values: parts } of batches) {
    let start = starts.get(parts!);
    if (start === undefined) {
      starts.set(parts!, (start = values.length));
      for (const value of Array.from(decodeParts(type, parts!, reader, name))) values.push(value);
    }
    const size = parts!.reduce((rows, { rows: more }) => rows + more, 0);
    for (const place of Array.from(decodeNumbers(dictionary!.index, [part]))) {
      if (place !== null && !(place >= 0 && place < size)) {
        throw malformed(`the column "${name}" points beyond its dictionary of ${size}`);
      }
      places[row++] = place === null ? -1 : start + place;
    }
  }
  return new DictionaryColumn(values, places);
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

/** One column for each class, if requested. */
function encodeShares({ labels, scores }: StampedBatch): Record<string, Vector> {
  if (!scores) return {};
  const width = labels.length;
  const shareOf = (c: number): Vector =>
    makeVector(
      Float64Array.from({ length: scores.length / width }, (_, row) => roundProbability(scores[row * width + c])),
    );
  return Object.fromEntries(labels.map((label, c) => [`probability_${label}`, shareOf(c)]));
}

/** A column of texts, if requested. */
function encodeIds(batch: StampedBatch): Record<string, Vector> {
  if (!batch.withIds) return {};
  const texts = Array.from({ length: countOf(batch) }, (_, row) => idText(batch.ids, row));
  return { prediction_id: vectorFromArray(texts, new Utf8()) };
}

/**
 * `prediction`, `probability` (absent for a regression, whose predictions are float64), and on request `prediction_id`
 * and `probability_<class>` (float64, 6 decimals). Values that all rows share are in the schema's metadata.
 */
export function encodeBatch(batch: StampedBatch): Uint8Array {
  const answers = batch.values ? { prediction: makeVector(batch.values) } : encodeClasses(batch);
  const table = new Table({ ...answers, ...encodeIds(batch) });
  table.schema.metadata.set('model_version', batch.model_version).set('timestamp', batch.timestamp);
  return tableToIPC(table, 'stream');
}
