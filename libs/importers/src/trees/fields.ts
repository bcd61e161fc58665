import { DumpFlaw } from './dump-flaw.js';

/** A JSON object of a dump, with its path for messages: each field is checked when it is read. */
export class Fields {
  constructor(
    /** The parsed object. */
    readonly plain: Readonly<Record<string, unknown>>,
    readonly where: string,
  ) {}

  /** @throws DumpFlaw where it is no object */
  static of(value: unknown, where: string): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
      throw new DumpFlaw(where || 'the document', 'is not an object');
    }
    return new Fields(value as Record<string, unknown>, where);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.plain, key);
  }

  fields(key: string): Fields {
    return Fields.of(this.value(key), this.placeOf(key));
  }

  text(key: string): string {
    const value = this.value(key);
    if (typeof value !== 'string') throw new DumpFlaw(this.placeOf(key), 'is no text');
    return value;
  }

  /** A finite number. */
  number(key: string): number {
    const value = this.value(key);
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new DumpFlaw(this.placeOf(key), 'is no number');
    return value;
  }

  /** A whole number from 0, which parameters store as text; the default where the key is absent. */
  count(key: string, otherwise?: number): number {
    if (otherwise !== undefined && !this.has(key)) return otherwise;
    const value = this.value(key);
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (!(Number.isSafeInteger(number) && (number as number) >= 0)) {
      throw new DumpFlaw(this.placeOf(key), `is ${JSON.stringify(value)}, no whole number`);
    }
    return number as number;
  }

  list(key: string): ArrayLike<unknown> {
    const value = this.value(key);
    if (Array.isArray(value) || value instanceof Float64Array) return value as ArrayLike<unknown>;
    throw new DumpFlaw(this.placeOf(key), 'is no array');
  }

  /** @param length the expected count, if known */
  numbers(key: string, length?: number): Float64Array {
    const list = this.list(key);
    if (length !== undefined && list.length !== length) {
      throw new DumpFlaw(this.placeOf(key), `has ${list.length} numbers, not ${length}`);
    }
    if (list instanceof Float64Array) return list;
    return Float64Array.from(list as ArrayLike<number>, (value: unknown, i) => {
      if (typeof value === 'number') return value;
      if (typeof value === 'boolean') return Number(value);
      throw new DumpFlaw(`${this.placeOf(key)}[${i}]`, 'is no number');
    });
  }

  /** As {@link numbers}, with null for missing numbers. */
  numbersOrNull(key: string, length: number): (number | null)[] {
    const list = Array.from(this.list(key)) as (number | null)[];
    const isWhole = list.length === length && list.every((value) => value === null || typeof value === 'number');
    if (!isWhole) throw new DumpFlaw(this.placeOf(key), `are not ${length} numbers`);
    return list;
  }

  texts(key: string): string[] {
    return Array.from(this.list(key), (value, i) => {
      if (typeof value === 'string') return value;
      throw new DumpFlaw(`${this.placeOf(key)}[${i}]`, 'is no text');
    });
  }

  placeOf(key: string): string {
    return this.where === '' ? key : `${this.where}.${key}`;
  }

  value(key: string): unknown {
    if (!this.has(key)) throw new DumpFlaw(this.placeOf(key), 'is missing');
    return this.plain[key];
  }
}
