import { DumpFlaw } from '../trees/dump-flaw.js';

/** XGBoost's own models have 8 levels. */
const MAX_DEPTH = 32;

/** For each type of number, its size in bytes and how to read it. */
const NUMBERS: Readonly<Record<string, readonly [number, (view: DataView, at: number) => number]>> = {
  i: [1, (view, at) => view.getInt8(at)],
  U: [1, (view, at) => view.getUint8(at)],
  I: [2, (view, at) => view.getInt16(at)],
  l: [4, (view, at) => view.getInt32(at)],
  L: [8, (view, at) => Number(view.getBigInt64(at))],
  d: [4, (view, at) => view.getFloat32(at)],
  D: [8, (view, at) => view.getFloat64(at)],
};

const CONSTANTS = new Map<string, unknown>([
  ['Z', null],
  ['T', true],
  ['F', false],
]);

/** Never reads beyond the last byte, and allocates no more than the bytes can fill. */
class UbjsonReader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Buffer) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  document(): unknown {
    const value = this.value(this.marker(), 0);
    if (this.at < this.bytes.length) throw new DumpFlaw('', `continues after its end, at byte ${this.at}`);
    return value;
  }

  private marker(): string {
    return String.fromCharCode(this.bytes[this.skip(1)]);
  }

  private peek(): string {
    return String.fromCharCode(this.bytes[this.at] ?? 0);
  }

  /** Skips bytes. @returns where they begin */
  private skip(count: number): number {
    const start = this.at;
    if (!(Number.isSafeInteger(count) && count >= 0 && start + count <= this.bytes.length)) {
      throw new DumpFlaw('', `is incomplete: it ends within the value at byte ${start} of ${this.bytes.length}`);
    }
    this.at += count;
    return start;
  }

  private number(type: string): number {
    const known = NUMBERS[type];
    if (!known) throw new DumpFlaw('', `has no number, but "${type}", at byte ${this.at - 1}`);
    return known[1](this.view, this.skip(known[0]));
  }

  private text(): string {
    const length = this.number(this.marker());
    const start = this.skip(length);
    return this.bytes.toString('utf8', start, this.at);
  }

  private value(type: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new DumpFlaw('', `nests deeper than ${MAX_DEPTH}`);
    if (type === '{') return this.object(depth);
    if (type === '[') return this.array(depth);
    if (type === 'S') return this.text();
    if (CONSTANTS.has(type)) return CONSTANTS.get(type);
    return this.number(type);
  }

  private object(depth: number): Record<string, unknown> {
    const object = Object.create(null) as Record<string, unknown>;
    while (this.peek() !== '}') {
      const key = this.text();
      object[key] = this.value(this.marker(), depth + 1);
    }
    this.skip(1);
    return object;
  }

  private array(depth: number): unknown[] | Float64Array {
    const type = this.peek() === '$' ? (this.skip(1), this.marker()) : undefined;
    const count = this.peek() === '#' ? (this.skip(1), this.number(this.marker())) : undefined;
    if (type !== undefined) return this.numbers(type, count);
    const items: unknown[] = [];
    if (count !== undefined) {
      for (let i = 0; i < count; i++) items.push(this.value(this.marker(), depth + 1));
      return items;
    }
    while (this.peek() !== ']') items.push(this.value(this.marker(), depth + 1));
    this.skip(1);
    return items;
  }

  private numbers(type: string, count: number | undefined): Float64Array {
    const known = NUMBERS[type];
    if (!known || count === undefined) throw new DumpFlaw('', `has an array of "${type}" at byte ${this.at}`);
    const [size, read] = known;
    const start = this.skip(count * size);
    return Float64Array.from({ length: count }, (_, i) => read(this.view, start + i * size));
  }
}

/**
 * Reads Universal Binary JSON as XGBoost writes it: big-endian, typed arrays of numbers with a length, which become
 * Float64Arrays.
 *
 * Source: https://ubjson.org, and `UBJReader` in https://github.com/dmlc/xgboost/blob/master/src/common/json.cc
 *
 * @throws DumpFlaw with the offset of the first invalid byte
 */
export const readUbjson = (bytes: Buffer): unknown => new UbjsonReader(bytes).document();
