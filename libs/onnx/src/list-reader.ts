import type { LayoutMemory } from '#kernels';
import { KIND, type NumberList } from './number-list.js';
import { OnnxError } from './onnx.error.js';

const TOO_LARGE = 1;
const MALFORMED = 2;
/** Bytes of a field that are copied into the memory at once. */
const WINDOW = 2 ** 16;
const CURSOR_BYTES = 12;
/** Distinct texts of a list that are looked up: more than tree nodes have modes. */
const MOST_KNOWN = 8;
const SLOT_BYTES = 128;
/** In the place of the length of a text that is too long to be looked up. */
const TOO_LONG = 255;
/** Bytes of a text that is looked up, with its tag and length, at most. */
const LONGEST_KNOWN = 130;

/** Reads repeated fields of a message into the memory of layouts, window by window, by WebAssembly. */
export class ListReader {
  private readonly cursor: number;
  private readonly window: number;
  private readonly known: number;
  /** Which bytes of the message are in the window. */
  private windowFrom = 0;
  private windowTo = 0;

  constructor(readonly memory: LayoutMemory) {
    this.cursor = memory.reserve(CURSOR_BYTES);
    this.window = memory.reserve(WINDOW);
    this.known = memory.reserve(MOST_KNOWN * SLOT_BYTES);
  }

  /**
   * @param from where the elements begin, with the tag of the first where they have tags
   * @param tag of one byte, that stands before each; negative where they are packed
   * @returns where they end
   * @throws OnnxError where they end within a number
   */
  numbers(list: NumberList, bytes: Uint8Array, from: number, tag: number, read: 'varint' | 'float' | 'double'): number {
    // A varint has one byte, and its tag where it is not packed.
    const [least, most] = [tag < 0 ? 1 : 2, list.isDouble ? 8 : 4];
    const roomFor = (left: number): number => (read === 'varint' ? most * Math.ceil(left / least) : left);
    list.move(read === 'varint' ? list.kind : KIND[read], roomFor(bytes.length - from));
    let at = from;
    for (let to = list.end; at < bytes.length;) {
      this.fill(bytes, at);
      let result = 0;
      const next = this.run(at, to, (cursor) => (result = this.memory.kernels.numbers(cursor, tag, list.kind)));
      to = this.written;
      list.size = (to - list.start) / (list.isDouble ? 8 : 4);
      if (result === TOO_LARGE) {
        list.move(KIND.float64, 8 * (bytes.length - next));
        to = list.end;
      } else if (next < this.windowTo) {
        const isBehind = tag >= 0 && bytes[next] !== tag;
        if (result === MALFORMED || (!isBehind && (next === at || this.windowTo === bytes.length)))
          throw new OnnxError('ends within a number', 'Export it again');
        if (isBehind) {
          at = next;
          break;
        }
      }
      at = next;
    }
    this.memory.release(list.end);
    return at;
  }

  /**
   * Reads texts as their places among the distinct ones, where equal short ones among the first few share a place.
   *
   * @param from where they begin, with the tag of the first
   * @param contentAt the text whose length is at a place, and where it ends
   * @returns where they end
   */
  texts(
    places: NumberList,
    distinct: Uint8Array[],
    bytes: Uint8Array,
    from: number,
    tag: number,
    contentAt: (at: number) => { text: Uint8Array; end: number },
  ): number {
    // A text has a tag and a length at least.
    places.move(KIND.int32, 2 * (bytes.length - from));
    let at = from;
    this.windowTo = 0;
    while (at < bytes.length && bytes[at] === tag) {
      if (!this.has(at, bytes)) this.fill(bytes, at);
      const count = Math.min(distinct.length, MOST_KNOWN);
      at = this.run(at, places.end, (cursor) => this.memory.kernels.texts(cursor, tag, this.known, count));
      places.size = (this.written - places.start) / 4;
      if (at >= bytes.length || bytes[at] !== tag || !this.has(at, bytes)) continue;
      const { text, end } = contentAt(at + 1);
      if (distinct.length < MOST_KNOWN) this.know(distinct.length, text);
      this.memory.int32s(places.end, 1)[0] = distinct.push(text) - 1;
      places.size++;
      at = end;
    }
    this.memory.release(places.end);
    return at;
  }

  /** Whether all of a text that may be known is in the window. */
  private has(at: number, bytes: Uint8Array): boolean {
    return at + LONGEST_KNOWN <= this.windowTo || (this.windowTo === bytes.length && at <= this.windowTo);
  }

  private fill(bytes: Uint8Array, at: number): void {
    [this.windowFrom, this.windowTo] = [at, Math.min(bytes.length, at + WINDOW)];
    this.memory.bytes(this.window, WINDOW).set(bytes.subarray(at, this.windowTo));
  }

  /** Runs a kernel from a place in the window on, which writes to another. @returns the place at which it stopped */
  private run(at: number, to: number, kernel: (cursor: number) => void): number {
    const cursor = this.memory.int32s(this.cursor, 3);
    const before = this.window - this.windowFrom;
    cursor.set([before + at, before + this.windowTo, to]);
    kernel(this.cursor);
    return cursor[0] - before;
  }

  private get written(): number {
    return this.memory.int32s(this.cursor, 3)[2] >>> 0;
  }

  private know(place: number, text: Uint8Array): void {
    const slot = this.memory.bytes(this.known + place * SLOT_BYTES, SLOT_BYTES);
    const isShort = text.length < SLOT_BYTES;
    slot[0] = isShort ? text.length : TOO_LONG;
    if (isShort) slot.set(text, 1);
  }
}
