import { eachSlice, type Steps } from '../../http/steps.js';
import { DATATYPE_NAMES, FIXED_DATATYPES } from './datatype.js';
import { InvalidTensorError, invalidTensor } from '../../problem/invalid-tensor.error.js';
import { elementCount } from './shape.js';
import type { Datatype, NamedTensor, TensorData } from './tensor.js';

const ROWS_PER_STEP = 1_024;
const ELEMENTS_PER_PIECE = 8_192;

/** The expected element, in words, and a reader of its value, which returns `undefined` for others. */
interface ElementReader {
  readonly expected: string;
  read(value: unknown): number | bigint | string | undefined;
}

function makeReader(datatype: Datatype): ElementReader {
  if (datatype === 'BYTES') {
    return { expected: 'a string', read: (value) => (typeof value === 'string' ? value : undefined) };
  }
  if (datatype === 'BOOL') {
    return { expected: 'true or false', read: (value) => (typeof value === 'boolean' ? Number(value) : undefined) };
  }
  const { bytes, range } = FIXED_DATATYPES[datatype];
  if (!range) {
    const cast = datatype === 'FP32' ? Math.fround : Number;
    return {
      expected: `a number that ${datatype} can hold, or null for NaN`,
      read: (value) => (value === null ? NaN : typeof value === 'number' && isFinite(cast(value)) ? value : undefined),
    };
  }
  const [minimum, maximum] = range;
  const beyond = bytes === 8 ? ' (send larger ones as binary data)' : '';
  return {
    expected: `a whole number from ${minimum} to ${maximum}${beyond}`,
    read: (value) =>
      Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum
        ? bytes === 8
          ? BigInt(value as number)
          : (value as number)
        : undefined,
  };
}

const READERS = Object.fromEntries(DATATYPE_NAMES.map((name) => [name, makeReader(name as Datatype)])) as Readonly<
  Record<Datatype, ElementReader>
>;

/** Row-major elements of nested arrays whose nesting matches the shape exactly. */
function* flatten(data: readonly unknown[], shape: readonly number[], tensor: string): Steps<unknown[]> {
  const elements: unknown[] = [];
  function* walk(level: unknown, depth: number): Steps<void> {
    if (!Array.isArray(level) || level.length !== shape[depth]) {
      throw invalidTensor(
        `The data of ${tensor} at depth ${depth + 1}`,
        `an array of ${shape[depth]}, or all elements in one flat array`,
        level,
      );
    }
    if (depth < shape.length - 1) {
      for (const [i, item] of level.entries()) {
        if (i % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield;
        yield* walk(item, depth + 1);
      }
    } else {
      yield* eachSlice(level.length, (from, to) => {
        for (let i = from; i < to; i++) elements.push(level[i]);
      });
    }
  }
  if (shape.length === 0) return [data];
  yield* walk(data, 0);
  return elements;
}

/** Whether a datatype is of whole numbers. */
const isWhole = (datatype: Datatype): boolean => datatype !== 'BYTES' && FIXED_DATATYPES[datatype].range !== undefined;

/**
 * Reads a tensor's `data` from JSON: its elements flat, in row-major order, or nested as the shape is.
 *
 * @returns integers or booleans with nulls as a Float64Array, NaN for null; texts may include nulls, which only a model
 * accepts that reads elements itself
 * @param tensor its name in errors
 * @throws InvalidTensorError naming the first element that does not fit
 */
export function* readJsonData(
  data: unknown,
  datatype: Datatype,
  shape: readonly number[],
  tensor: string,
): Steps<TensorData> {
  if (!Array.isArray(data)) throw invalidTensor(`The data of ${tensor}`, 'an array', data);
  const elements = Array.isArray(data[0]) ? yield* flatten(data, shape, tensor) : (data as unknown[]);
  const count = elementCount(shape);
  if (elements.length !== count) {
    throw new InvalidTensorError(
      `The data of ${tensor} must have ${count} elements for its shape [${shape.join(', ')}]; received ${elements.length}`,
    );
  }
  const element = READERS[datatype];
  const hasGaps = (isWhole(datatype) || datatype === 'BOOL') && elements.includes(null);
  const values = hasGaps
    ? new Float64Array(count)
    : datatype === 'BYTES'
      ? new Array<string>(count)
      : new FIXED_DATATYPES[datatype].array(count);
  const gap = datatype === 'BYTES' ? null : NaN;
  yield* eachSlice(count, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = elements[i] === null ? gap : element.read(elements[i]);
      if (value === undefined) throw invalidTensor(`data[${i}] of ${tensor}`, element.expected, elements[i]);
      (values as unknown[])[i] = hasGaps ? Number(value) : value;
    }
  });
  return values;
}

/** As {@link readJsonData}; integers and booleans with missing values become FP64, as in pandas and NumPy. */
export function* readJsonTensor(data: unknown, spec: Omit<NamedTensor, 'data'>): Steps<NamedTensor> {
  const { name, datatype, shape } = spec;
  const elements = yield* readJsonData(data, datatype, shape, `input "${name}"`);
  return { name, datatype: elements instanceof Float64Array ? 'FP64' : datatype, shape, data: elements };
}

/** Some elements as JSON text. NaN and infinities, which JSON lacks, are null. */
function jsonOf(datatype: Datatype, data: TensorData): string {
  if (datatype === 'BYTES') return JSON.stringify(data).slice(1, -1);
  const text = data.join(',');
  if (datatype === 'BOOL') return text.replaceAll('0', 'false').replaceAll('1', 'true');
  return datatype.startsWith('FP') ? text.replace(/-?Infinity|NaN/g, 'null') : text;
}

/** A tensor's elements as JSON text, piece by piece: one flat array, row-major. */
export function* writeJsonData({ datatype, data }: Pick<NamedTensor, 'datatype' | 'data'>): Generator<string, void> {
  for (let start = 0; start < data.length; start += ELEMENTS_PER_PIECE) {
    yield (start === 0 ? '[' : ',') + jsonOf(datatype, data.slice(start, start + ELEMENTS_PER_PIECE));
  }
  yield data.length === 0 ? '[]' : ']';
}
