import { JsonMemory } from '#kernels';
import type { LogChunk } from './log-chunk.js';

const ID_BYTES = 16;
const [COMMA] = Buffer.from(',');
/** Rows that the kernel is given at a time. */
const BLOCK_ROWS = 1_024;
/** Places in its memory: of what it is given, of how far it came, and of the text. */
const [STOPPED, GIVEN] = [64, 128];
const TEXT = GIVEN + BLOCK_ROWS * ID_BYTES;

/**
 * A JSON text of records that is written as bytes, by WebAssembly where there are many alike, in memory that is used again: strings
 * of so many rows cost ten times as much.
 */
export class RecordText {
  private readonly memory = new JsonMemory();
  private at = TEXT;

  private get bytes(): Buffer {
    return this.memory.bytes;
  }

  /** Begins a text of at most so many bytes. */
  start(bytes: number): void {
    this.at = TEXT;
    this.memory.reserve(TEXT + bytes);
  }

  /** @returns the text, which stands until the next one is started */
  end(): Buffer {
    return this.bytes.subarray(TEXT, this.at);
  }

  write(text: string): void {
    this.at += this.bytes.write(text, this.at);
  }

  add(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** One text again and again, with commas between. */
  repeat(text: string, count: number): void {
    const length = count * (Buffer.byteLength(text) + 1);
    this.bytes.fill(`${text},`, this.at, this.at + length);
    this.at += length - 1;
  }

  writeIds({ ids, rows }: LogChunk): void {
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - from);
      this.bytes.set(ids.subarray(from * ID_BYTES, (from + count) * ID_BYTES), GIVEN);
      this.at = this.memory.kernels.ids(GIVEN, count, this.at);
    }
    this.at--;
  }

  writePredictions({ values, labels, classes, rows }: LogChunk): void {
    if (values) return this.write(`"${values.subarray(0, rows).join('","')}"`);
    const texts = labels.map((label) => Buffer.from(`${JSON.stringify(label)},`));
    const { bytes } = this;
    let { at } = this;
    for (let row = 0; row < rows; row++) {
      const text = texts[classes[row]];
      for (let i = 0; i < text.length; i++) bytes[at++] = text[i];
    }
    this.at = at - 1;
  }

  /** Numbers that read back as the same float32. */
  writeScores(scores: Float32Array, rows: number): void {
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - from);
      new Float32Array(this.bytes.buffer, GIVEN, count).set(scores.subarray(from, from + count));
      for (let row = 0; row < count;) {
        this.at = this.memory.kernels.scores(GIVEN + 4 * row, count - row, this.at, STOPPED);
        row += this.bytes.readInt32LE(STOPPED);
        if (row === count) break;
        this.at += this.bytes.write(JSON.stringify(scores[from + row++]), this.at, 'latin1');
        this.bytes[this.at++] = COMMA;
      }
    }
    this.at--;
  }
}
