import { isUtf8 } from 'node:buffer';
import { invalidInput } from '../../problem/invalid-input.js';
import { Problem } from '../../problem/problem.js';
import { endOfNumber, NumberScanner } from './number-scanner.js';

export const MAX_DEPTH = 100;
const MAX_FIELDS = 10_000;
/** Names that a text may have in all: an engine spends its time on those that it has not seen. */
const MAX_NAMES = 20_000;
/** One that goes on longer is not looked for its end: the digits of any double are fewer than a thousand. */
const MAX_NUMBER_BYTES = 65_536;
/** Of a text that goes on, so much is read at once. */
const LONG_TEXT_BYTES = 16_384;
/** Empty ones still take a hundred bytes each. */
const MAX_CONTAINERS = 1_000_000;

const [QUOTE, COLON, COMMA, BACKSLASH, MINUS, ZERO, NINE] = Buffer.from('":,\\-09');
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('[]{}');
const [SPACE, TAB, LINE_FEED, RETURN] = Buffer.from(' \t\n\r');
const FIRST_OF_SEVERAL = 0x80;
const CONTINUATION_MASK = 0xc0;
/** Bytes of the longest escape. */
const ESCAPE_BYTES = '\\u0000'.length;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const BLANK = Buffer.from(' ');

/** Takes the elements of a long array one by one, so that they need not all be held. */
export interface ElementSink {
  /** Those taken so far. */
  readonly rows: number;
  add(value: unknown): void;
  /**
   * Takes the element that begins at a byte, and others that follow it, without values being made of them.
   *
   * @returns where the last one ends; -1, having taken nothing, where it is not of the form that is read so or goes on behind `end`
   */
  scan(bytes: Buffer, at: number, end: number): number;
}

export interface JsonOptions {
  /** Whether NaN, which then is null, and the infinities are read, as Python writes them. */
  readonly nonFinite?: boolean;
  /**
   * Where the elements of an array go that stands in objects only; the sink then takes its place in the value.
   *
   * @param path the names that lead to it, joined by points
   * @param before the fields that its object has so far
   */
  readonly sinkOf?: (path: string, before: Readonly<Record<string, unknown>>) => ElementSink | undefined;
}

/** What may come next. */
const enum Next {
  Value,
  ValueOrEnd,
  Name,
  NameOrEnd,
  Colon,
  CommaOrEnd,
  Nothing,
}

/** An object or array that is not closed yet. */
interface Open {
  readonly object?: Record<string, unknown>;
  readonly array?: unknown[];
  readonly sink?: ElementSink;
  name: string;
  /** Fields so far, or elements where no sink counts them. */
  count: number;
}

type Literal = readonly [text: Buffer, value: null | boolean | number];

const LITERALS: readonly Literal[] = [
  [Buffer.from('null'), null],
  [Buffer.from('true'), true],
  [Buffer.from('false'), false],
];
const WITH_NON_FINITE: readonly Literal[] = [
  ...LITERALS,
  [Buffer.from('NaN'), null],
  [Buffer.from('Infinity'), Infinity],
  [Buffer.from('-Infinity'), -Infinity],
];

/** The token goes on behind the bytes at hand. */
const CUT = -1;

const isSpace = (byte: number): boolean => byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB;

/**
 * Reads JSON (RFC 8259) in slices: the same values as JSON.parse, in time and memory that grow with the text and no
 * faster. Refuses a field that an object has twice, of which JSON.parse keeps the last, and what would cost gigabytes:
 * brackets in brackets without end, and too many fields, names or objects.
 */
export class JsonReader {
  private readonly numbers = new NumberScanner();
  private readonly open: Open[] = [];
  private readonly names = new Set<string>();
  private readonly literals: readonly Literal[];
  private top?: Open;
  private next = Next.Value;
  private value: unknown;
  private containers = 0;
  /** What is read of a text that goes on. */
  private begun?: string;
  /** Where the last escape of the text at hand begins. */
  private escape = 0;
  /** Bytes before those at hand. */
  private before = 0;

  constructor(private readonly options: JsonOptions = {}) {
    this.literals = options.nonFinite ? WITH_NON_FINITE : LITERALS;
  }

  /**
   * Reads on.
   *
   * @param bytes begin where the last call stopped
   * @returns how many were read; what is left is a token that goes on behind them
   * @throws Problem `malformed-json`, `json-too-complex`, or `invalid-input` for a field that comes twice
   */
  read(bytes: Buffer, isLast: boolean): number {
    const end = bytes.length;
    let at = this.before === 0 ? markLength(bytes) : 0;
    while (at < end) {
      if (this.begun === undefined && isSpace(bytes[at])) {
        at++;
        continue;
      }
      const after = this.step(bytes, at, end);
      if (after === CUT) {
        if (!isLast) break;
        this.readLast(bytes.subarray(at));
        return end;
      }
      at = after;
    }
    this.before += at;
    return at;
  }

  /** @throws Problem `malformed-json` when the text has ended too early */
  finish(): unknown {
    if (this.next !== Next.Nothing) throw malformed('Unexpected end of JSON input');
    return this.value;
  }

  /** The last token: nothing follows that would tell where it ends. */
  private readLast(token: Buffer): void {
    const ended = Buffer.concat([token, BLANK]);
    if (this.step(ended, 0, ended.length) === CUT) throw malformed('Unexpected end of JSON input');
  }

  private step(bytes: Buffer, at: number, end: number): number {
    const byte = bytes[at];
    if (this.begun !== undefined) return this.readText(bytes, at, end);
    switch (this.next) {
      case Next.ValueOrEnd:
        if (byte === CLOSE_ARRAY) return this.close(at);
        return this.readValue(bytes, at, end);
      case Next.Value:
        return this.readValue(bytes, at, end);
      case Next.NameOrEnd:
        if (byte === CLOSE_OBJECT) return this.close(at);
        return this.readName(bytes, at, end);
      case Next.Name:
        return this.readName(bytes, at, end);
      case Next.Colon:
        if (byte !== COLON) throw this.unexpected(bytes, at);
        this.next = Next.Value;
        return at + 1;
      case Next.CommaOrEnd:
        if (byte === COMMA) {
          this.next = this.top!.object ? Next.Name : Next.Value;
          return at + 1;
        }
        if (byte === (this.top!.object ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.close(at);
        throw this.unexpected(bytes, at);
      case Next.Nothing:
        throw this.unexpected(bytes, at);
    }
  }

  private readValue(bytes: Buffer, at: number, end: number): number {
    const { top } = this;
    if (top?.sink) {
      const after = top.sink.scan(bytes, at, end);
      if (after >= 0) {
        this.next = Next.CommaOrEnd;
        return after;
      }
    }
    const byte = bytes[at];
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return this.readNumber(bytes, at, end);
    if (byte === QUOTE) return this.readText(bytes, at + 1, end);
    if (byte === OPEN_OBJECT) return this.enter({ object: {}, name: '', count: 0 }, at);
    if (byte === OPEN_ARRAY) return this.enter(this.newArray(), at);
    return this.readLiteral(bytes, at, end);
  }

  private readNumber(bytes: Buffer, at: number, end: number): number {
    const { numbers, top } = this;
    let after = numbers.scan(bytes, at, end);
    if (after < 0) {
      const stop = endOfNumber(bytes, at, end);
      if (stop - at > MAX_NUMBER_BYTES) throw tooComplex(`holds a number of more than ${MAX_NUMBER_BYTES} characters`);
      return stop === end ? CUT : this.readLiteral(bytes, at, end);
    }
    // Numbers in a row need not pass through every state.
    const row = top?.sink ? undefined : top?.array;
    if (row) {
      row.push(numbers.value);
      top!.count++;
      while (bytes[after] === COMMA) {
        const more = numbers.scan(bytes, bytes[after + 1] === SPACE ? after + 2 : after + 1, end);
        if (more < 0) break;
        row.push(numbers.value);
        top!.count++;
        after = more;
      }
      this.next = Next.CommaOrEnd;
    } else {
      this.give(numbers.value);
    }
    return after;
  }

  private readLiteral(bytes: Buffer, at: number, end: number): number {
    for (const [text, value] of this.literals) {
      if (bytes[at] !== text[0]) continue;
      const length = Math.min(text.length, end - at);
      if (bytes.compare(text, 0, length, at, at + length) !== 0) break;
      if (length < text.length) return CUT;
      this.give(value);
      return at + length;
    }
    throw this.unexpected(bytes, at);
  }

  private readName(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] !== QUOTE) throw this.unexpected(bytes, at);
    return this.readText(bytes, at + 1, end);
  }

  private takeName(name: string): void {
    const top = this.top!;
    top.name = name;
    if (Object.hasOwn(top.object!, name)) throw this.repeated();
    if (++top.count > MAX_FIELDS) throw tooComplex(`holds an object of more than ${MAX_FIELDS} fields`);
    if (this.names.add(name).size > MAX_NAMES) throw tooComplex('holds too many different field names');
    this.next = Next.Colon;
  }

  private newArray(): Open {
    const isInObjects = this.options.sinkOf && this.open.every(({ object }) => object);
    const path = isInObjects ? this.open.map(({ name }) => name).join('.') : '';
    const sink = path === '' ? undefined : this.options.sinkOf?.(path, this.top!.object!);
    return { array: [], sink, name: '', count: 0 };
  }

  private enter(container: Open, at: number): number {
    if (this.open.length === MAX_DEPTH) throw tooComplex(`nests more than ${MAX_DEPTH} levels deep`);
    // What a sink takes is not held.
    if (!this.top?.sink && ++this.containers > MAX_CONTAINERS) {
      throw tooComplex(`holds more than ${MAX_CONTAINERS} objects and arrays`);
    }
    this.open.push(container);
    this.top = container;
    this.next = container.object ? Next.NameOrEnd : Next.ValueOrEnd;
    return at + 1;
  }

  private close(at: number): number {
    const { object, array, sink } = this.open.pop()!;
    this.top = this.open.at(-1);
    this.give(sink ?? object ?? array);
    return at + 1;
  }

  private give(value: unknown): void {
    const { top } = this;
    if (!top) {
      this.value = value;
      this.next = Next.Nothing;
      return;
    }
    this.next = Next.CommaOrEnd;
    if (top.object) {
      if (top.name === '__proto__') defineOwn(top.object, top.name, value);
      else top.object[top.name] = value;
      return;
    }
    top.count++;
    if (top.sink) top.sink.add(value);
    else top.array!.push(value);
  }

  /** A text that is a value or a name, from behind its opening quote or where it goes on; a long one in parts. */
  private readText(bytes: Buffer, at: number, end: number): number {
    const quote = this.endOfText(bytes, at, end);
    if (quote === CUT) {
      const stop = this.wholeUntil(bytes, end);
      if (stop <= at || (this.begun === undefined && end - at < LONG_TEXT_BYTES)) return CUT;
      this.begun = (this.begun ?? '') + this.textOf(bytes, at, stop);
      return stop;
    }
    const rest = this.textOf(bytes, at, quote);
    const text = this.begun === undefined ? rest : this.begun + rest;
    this.begun = undefined;
    if (this.next === Next.Name || this.next === Next.NameOrEnd) this.takeName(text);
    else this.give(text);
    return quote + 1;
  }

  /** Where the quote stands that closes a text. */
  private endOfText(bytes: Buffer, at: number, end: number): number {
    this.escape = -ESCAPE_BYTES;
    for (let i = at; i < end; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) return i;
      if (byte === BACKSLASH) this.escape = i++;
    }
    return CUT;
  }

  /** Until where a text that goes on is read, so that no escape and no character is cut. */
  private wholeUntil(bytes: Buffer, end: number): number {
    if (this.escape + ESCAPE_BYTES > end) return this.escape;
    let last = end - 1;
    while (last > end - 4 && (bytes[last] & CONTINUATION_MASK) === FIRST_OF_SEVERAL) last--;
    return bytes[last] < FIRST_OF_SEVERAL ? end : last;
  }

  private textOf(bytes: Buffer, at: number, end: number): string {
    let isPlain = true;
    let isAscii = true;
    for (let i = at; i < end; i++) {
      const byte = bytes[i];
      if (byte === BACKSLASH || byte < SPACE) isPlain = false;
      if (byte >= FIRST_OF_SEVERAL) isAscii = false;
    }
    if (isPlain && isAscii) return bytes.toString('latin1', at, end);
    if (!isAscii && !isUtf8(bytes.subarray(at, end))) throw malformed('The body is not UTF-8');
    if (isPlain) return bytes.toString('utf8', at, end);
    try {
      return JSON.parse(`"${bytes.toString('utf8', at, end)}"`) as string;
    } catch (error) {
      const where = `in the string at byte ${this.before + at - 1}`;
      throw malformed(`${(error as Error).message.replace(/ at position .*$/s, '')} ${where}`);
    }
  }

  /** Where the reader stands, such as `instances[3].feature_1`. */
  private path(): string {
    let path = '';
    for (const { object, sink, name, count } of this.open) {
      if (!object) path += `[${sink?.rows ?? count}]`;
      else path += path === '' ? name : `.${name}`;
    }
    return path;
  }

  private repeated(): Problem {
    return invalidInput([
      { path: this.path(), expected: 'given only once: the object repeats it', received: 'a second value' },
    ]);
  }

  private unexpected(bytes: Buffer, at: number): Problem {
    const token = bytes[at] < FIRST_OF_SEVERAL ? JSON.stringify(String.fromCharCode(bytes[at])) : 'character';
    return malformed(`Unexpected token ${token} in JSON at byte ${this.before + at}`);
  }
}

function markLength(bytes: Buffer): number {
  const length = BYTE_ORDER_MARK.length;
  return bytes.length >= length && bytes.compare(BYTE_ORDER_MARK, 0, length, 0, length) === 0 ? length : 0;
}

function defineOwn(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

export function malformed(what: string): Problem {
  return new Problem('malformed-json', `${what}.`);
}

function tooComplex(how: string): Problem {
  return new Problem('json-too-complex', `The body ${how}; no model input needs that.`);
}
