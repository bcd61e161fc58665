import type { LogChunk } from './log-chunk.js';
import type { BufferPool } from './buffer-pool.js';

/** Rows of one version that go to the writer together. */
export const CHUNK_ROWS = 4_096;
/** Room at first: most chunks of a quiet server stay small. */
const FIRST_ROWS = 64;

/** Rows that a model has answered. What is taken of them is copied. */
export interface RowsToLog {
  readonly start: number;
  readonly rows: number;
  /** UUIDv7, 16 bytes for each row; this and the lists below from row 0 on. */
  readonly ids: Uint8Array;
  readonly labels: readonly (string | number)[];
  readonly classIndices: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  /** What a regression says. */
  readonly values?: ArrayLike<number>;
  /** Requests that brought these rows. */
  readonly calls: number;
  /** What the model was asked with, column by column or row by row. */
  readonly asked: { readonly columns: readonly Float64Array[] } | { readonly rows: readonly (readonly number[])[] };
  /** What callers call the rows, where any of them did. */
  readonly externalIds?: readonly (string | undefined)[];
}

interface Arrays {
  readonly ids: Uint8Array<ArrayBuffer>;
  readonly classes: Uint16Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  readonly values?: Float64Array<ArrayBuffer>;
  readonly columns: readonly Float64Array<ArrayBuffer>[];
}

/** Of a row without its columns: id, class and score; and of a number. */
const RECORD_BYTES = 16 + 4 + 2;
const NUMBER_BYTES = 8;

/** Arrays for so many rows, an even number: columns in one buffer, all else in another, as the columns are done with first. */
function arraysOf(pool: BufferPool, rows: number, width: number, isNumber: boolean): Arrays {
  const records = pool.take(rows * (RECORD_BYTES + (isNumber ? NUMBER_BYTES : 0)));
  const cells = pool.take(rows * width * NUMBER_BYTES);
  const behind = isNumber ? rows * NUMBER_BYTES : 0;
  return {
    ids: new Uint8Array(records, behind, rows * 16),
    scores: new Float32Array(records, behind + rows * 16, rows),
    classes: new Uint16Array(records, behind + rows * 20, rows),
    ...(isNumber && { values: new Float64Array(records, 0, rows) }),
    columns: Array.from({ length: width }, (_, c) => new Float64Array(cells, c * rows * NUMBER_BYTES, rows)),
  };
}

/** The buffers behind a chunk's arrays. */
export const buffersOf = ({ ids, columns }: Pick<LogChunk, 'ids' | 'columns'>): ArrayBuffer[] =>
  columns.length > 0 ? [ids.buffer, columns[0].buffer] : [ids.buffer];

/** Up to so many, one after the other is cheaper than a view of them. */
const FEW = 64;

/** Copies `[from, until)` of one array into another of its kind. */
function copy<A extends Uint8Array | Float64Array>(
  source: A,
  from: number,
  until: number,
  target: A,
  at: number,
): void {
  if (until - from > FEW) return target.set(source.subarray(from, until), at);
  for (let i = from; i < until; i++) target[at + i - from] = source[i];
}

const widthOf = ({ asked, start }: RowsToLog): number =>
  'columns' in asked ? asked.columns.length : asked.rows[start].length;

/** A chunk that still has room. */
export class OpenChunk {
  private readonly labels: readonly string[];
  private arrays: Arrays;
  private capacity = FIRST_ROWS;
  private count = 0;
  private calls = 0;
  private externalIds?: (string | null)[];

  constructor(
    readonly model: string,
    readonly version: string,
    first: RowsToLog,
    private readonly pool: BufferPool,
  ) {
    this.labels = first.labels.map(String);
    this.arrays = arraysOf(pool, FIRST_ROWS, widthOf(first), first.values !== undefined);
  }

  get isFull(): boolean {
    return this.count === CHUNK_ROWS;
  }

  /** Copies rows from `from` on, as many as there is room for. @returns the first that is left */
  add(answered: RowsToLog, from: number, end: number): number {
    const until = Math.min(end, from + CHUNK_ROWS - this.count);
    if (this.count + until - from > this.capacity) this.grow(this.count + until - from);
    const { ids, classes, scores, values } = this.arrays;
    const shift = this.count - from;
    copy(answered.ids, from * 16, until * 16, ids, this.count * 16);
    for (let row = from; row < until; row++) {
      classes[shift + row] = answered.classIndices[row];
      scores[shift + row] = answered.probabilities[row];
      if (values) values[shift + row] = answered.values![row];
    }
    this.addAsked(answered.asked, from, until, shift);
    if (answered.externalIds) {
      this.externalIds ??= [];
      for (let row = from; row < until; row++) this.externalIds[shift + row] = answered.externalIds[row] ?? null;
    }
    if (from === answered.start) this.calls += answered.calls;
    this.count += until - from;
    return until;
  }

  /** What there is, to be sent; nothing is added any more. */
  end(): LogChunk {
    const { model, version, labels, count: rows, calls, externalIds } = this;
    return { model, version, labels, rows, calls, ...this.arrays, ...(externalIds && { externalIds }) };
  }

  private addAsked(asked: RowsToLog['asked'], from: number, until: number, shift: number): void {
    const { columns } = this.arrays;
    if ('columns' in asked) {
      for (let c = 0; c < columns.length; c++) copy(asked.columns[c], from, until, columns[c], shift + from);
      return;
    }
    for (let c = 0; c < columns.length; c++) {
      for (let row = from; row < until; row++) columns[c][shift + row] = asked.rows[row][c];
    }
  }

  private grow(rows: number): void {
    while (this.capacity < rows) this.capacity *= 2;
    const { ids, classes, scores, values, columns } = this.arrays;
    const [old, taken] = [this.arrays, this.count];
    const made = arraysOf(this.pool, this.capacity, columns.length, values !== undefined);
    made.ids.set(ids.subarray(0, taken * 16));
    made.classes.set(classes.subarray(0, taken));
    made.scores.set(scores.subarray(0, taken));
    made.values?.set(values!.subarray(0, taken));
    made.columns.forEach((column, c) => column.set(columns[c].subarray(0, taken)));
    this.arrays = made;
    for (const buffer of buffersOf(old)) this.pool.give(buffer);
  }
}
