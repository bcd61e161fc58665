import type { ColumnReader } from '#schema';
import { TextScanner } from '../http/json/text-scanner.js';

const [QUOTE] = Buffer.from('"');
const SLOTS = 512;
/** Longer texts are not cached. */
const MAX_BYTES = 64;

/** Reads texts of one column from bytes, and caches some of them, because most values repeat. */
export class TextNumbers {
  /** The value read last. */
  value: number | undefined;
  private readonly texts = new TextScanner();
  private readonly keys: (Buffer | undefined)[] = [];
  private readonly numbers: number[] = [];

  constructor(private readonly reader: ColumnReader) {}

  /** @returns the end of the text whose opening quote is at `at`; -1 if it is left to the JSON reader */
  scan(bytes: Buffer, at: number): number {
    const start = at + 1;
    const limit = Math.min(bytes.length, start + MAX_BYTES);
    let hash = 0;
    let end = start;
    for (; end < limit && bytes[end] !== QUOTE; end++) hash = (Math.imul(hash, 31) + bytes[end]) | 0;
    if (end === limit) return this.read(bytes, at);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const key = this.keys[slot];
    if (key && isSame(key, bytes, start, end)) {
      this.value = this.numbers[slot];
      return end + 1;
    }
    const after = this.read(bytes, at);
    if (after === end + 1 && this.value !== undefined) {
      this.keys[slot] = Buffer.from(bytes.subarray(start, end));
      this.numbers[slot] = this.value;
    }
    return after;
  }

  private read(bytes: Buffer, at: number): number {
    const after = this.texts.scan(bytes, at);
    this.value = after < 0 ? undefined : this.reader.fromJson(this.texts.value);
    return after;
  }
}

function isSame(key: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}
