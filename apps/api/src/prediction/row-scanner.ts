import { NumberScanner } from '../http/json/number-scanner.js';

const [COLON, COMMA, SMALL_N] = Buffer.from(':,n');
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('[]{}');
const [SPACE, TAB, LINE_FEED, RETURN] = Buffer.from(' \t\n\r');
const NULL = Buffer.from('null');

/** One value of a row: what is written before it, and the column that it is of. */
interface Field {
  /** Its name in quotes; nothing in an array. */
  readonly name: Buffer | undefined;
  readonly column: number;
}

function skipSpace(bytes: Buffer, at: number): number {
  let i = at;
  while (bytes[i] === SPACE || bytes[i] === LINE_FEED || bytes[i] === RETURN || bytes[i] === TAB) i++;
  return i;
}

function startsWith(bytes: Buffer, at: number, text: Buffer): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/**
 * Reads rows of numbers straight from the bytes of a JSON text, which takes a third of what a value of each would: rows
 * that have the same fields in the same order as one that was read before. Any other row is for the JSON reader.
 */
export class RowScanner {
  /** What was read last, in column order, NaN for null and for what is not there. */
  readonly values: number[];
  private readonly numbers = new NumberScanner();
  private learnt: readonly string[] = [];
  private fields: readonly Field[] = [];
  private opening = OPEN_OBJECT;
  private closing = CLOSE_OBJECT;

  /** @param columns names in column order */
  constructor(private readonly columns: readonly string[]) {
    this.values = columns.map(() => NaN);
  }

  /** From now on, objects with these fields are read; none when one of them is no column. */
  learn(names: readonly string[]): void {
    const { learnt } = this;
    if (names.length === learnt.length && names.every((name, i) => name === learnt[i])) return;
    this.learnt = names;
    this.expect(names, (name) => Buffer.from(JSON.stringify(name)));
  }

  /** From now on, arrays with values of these columns are read; none when one of them is no column. */
  learnArray(names: readonly string[]): void {
    this.opening = OPEN_ARRAY;
    this.closing = CLOSE_ARRAY;
    this.expect(names, () => undefined);
  }

  private expect(names: readonly string[], nameOf: (name: string) => Buffer | undefined): void {
    const places = new Map(this.columns.map((name, column) => [name, column]));
    const isKnown = names.every((name) => places.has(name));
    this.fields = isKnown ? names.map((name) => ({ name: nameOf(name), column: places.get(name)! })) : [];
    this.values.fill(NaN);
  }

  /** @returns where the row that begins at `at` ends; -1 where it is another, or goes on behind the bytes */
  scan(bytes: Buffer, at: number): number {
    const { fields, numbers, values } = this;
    if (bytes[at] !== this.opening || fields.length === 0) return -1;
    const last = fields.length - 1;
    let i = at + 1;
    for (let f = 0; f <= last; f++) {
      const { name, column } = fields[f];
      i = skipSpace(bytes, i);
      if (name) {
        if (!startsWith(bytes, i, name)) return -1;
        i = skipSpace(bytes, i + name.length);
        if (bytes[i] !== COLON) return -1;
        i = skipSpace(bytes, i + 1);
      }
      if (bytes[i] === SMALL_N) {
        if (!startsWith(bytes, i, NULL)) return -1;
        values[column] = NaN;
        i += NULL.length;
      } else {
        i = numbers.scan(bytes, i, bytes.length);
        if (i < 0) return -1;
        values[column] = numbers.value;
      }
      i = skipSpace(bytes, i);
      if (bytes[i] !== (f === last ? this.closing : COMMA)) return -1;
      i++;
    }
    return i;
  }

  /** Takes a list of values as {@link scan} would read it. @returns whether all are numbers or null */
  take(row: readonly unknown[]): boolean {
    const { fields, values } = this;
    if (fields.length === 0) return false;
    for (let f = 0; f < fields.length; f++) {
      const value = row[f];
      if (typeof value !== 'number' && value !== null) return false;
      values[fields[f].column] = value ?? NaN;
    }
    return true;
  }

  /** Reads a text that is one row and nothing else. @returns whether it is; `values` mean nothing otherwise */
  scanWhole(bytes: Buffer): boolean {
    const after = this.scan(bytes, skipSpace(bytes, 0));
    return after >= 0 && skipSpace(bytes, after) === bytes.length;
  }
}
