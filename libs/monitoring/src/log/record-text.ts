import type { LogChunk } from './log-chunk.js';

const ID_BYTES = 16;
const EMPTY_ID = '"00000000-0000-0000-0000-000000000000"';
/** Where each byte of an id stands in its text: a dash is before some. */
const PLACES = Uint8Array.from(
  { length: ID_BYTES },
  (_, i) => 1 + 2 * i + [4, 6, 8, 10].filter((at) => at <= i).length,
);
/** The two characters of each byte, as one number. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(Buffer.of(byte).toString('hex')).readUInt16BE(),
);
const [ZERO, POINT, COMMA] = Buffer.from('0.,');
const FIVE_DIGITS = 100_000;
const TEN_DIGITS = 1e10;
/** From here on ten decimals read back as the same float32, whose neighbours are at least 6e-8 of it away. */
const LEAST_OF_TEN_DIGITS = 0.002;

/** A JSON text of records that is written as bytes, in a buffer that is used again: strings of so many rows cost ten times as much. */
export class RecordText {
  private bytes = Buffer.alloc(0);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  /** Begins a text of at most so many bytes. */
  start(bytes: number): void {
    this.at = 0;
    if (this.bytes.length >= bytes) return;
    this.bytes = Buffer.allocUnsafeSlow(bytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** @returns the text, which stands until the next one is started */
  end(): Buffer {
    return this.bytes.subarray(0, this.at);
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
    let start = this.at;
    this.repeat(EMPTY_ID, rows);
    for (let row = 0, from = 0; row < rows; row++, start += EMPTY_ID.length + 1) {
      for (let i = 0; i < ID_BYTES; i++) this.view.setUint16(start + PLACES[i], HEX_PAIRS[ids[from++]]);
    }
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
    const { bytes } = this;
    let { at } = this;
    for (let row = 0; row < rows; row++) {
      const score = scores[row];
      const digits = Math.round(score * TEN_DIGITS);
      if (score >= LEAST_OF_TEN_DIGITS && digits < TEN_DIGITS) {
        bytes[at] = ZERO;
        bytes[at + 1] = POINT;
        const high = Math.floor(digits / FIVE_DIGITS);
        putFive(bytes, at + 2, high);
        putFive(bytes, at + 7, digits - high * FIVE_DIGITS);
        at += 12;
      } else at += bytes.write(JSON.stringify(score), at, 'latin1');
      bytes[at++] = COMMA;
    }
    this.at = at - 1;
  }
}

function putFive(bytes: Buffer, start: number, number: number): void {
  for (let at = start + 4, rest = number; at >= start; at--) {
    const tens = (rest / 10) | 0;
    bytes[at] = ZERO + rest - 10 * tens;
    rest = tens;
  }
}
