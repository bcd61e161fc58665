import { JsonMemory } from '#kernels';
import type { StampedBatch } from '../../prediction.service.js';

/** What the rows of an answer share; known by its identity. */
export interface AnswerTexts {
  /** What stands before the probability, by class. */
  readonly heads: readonly string[];
  /** What stands between the probability and the id. */
  readonly middle: string;
  /** What stands behind the id. */
  readonly tail: string;
}

/** Rows that are written at a time. */
export const PIECE_ROWS = 2_048;

/** Places in its memory, behind those that the kernel knows. */
const CLASSES = 64;
const PROBABILITIES = CLASSES + 2 * PIECE_ROWS;
const IDS = PROBABILITIES + 4 * PIECE_ROWS;
const TEXTS = IDS + 16 * PIECE_ROWS;
const PLACE_BYTES = 8;
const [COMMA, PROBABILITY, ID] = [1, 8, 36];
/** The kernel copies 16 bytes at a time. */
const PADDING = 16;

/** Writes rows of a batch's answer as bytes, in WebAssembly. Each process has one, which is given the texts of whoever asks. */
class AnswerKernel {
  private readonly memory = new JsonMemory();
  private texts?: AnswerTexts;
  /** Where answers begin, and the bytes of a row at most. */
  private start = 0;
  private rowBytes = 0;

  /**
   * Writes rows `[from, to)`, at most {@link PIECE_ROWS}, behind `before`, with a comma before each but the first of all.
   *
   * @returns nothing if a probability is not from 0 to 1
   */
  write(
    texts: AnswerTexts,
    { classIndices, probabilities, ids }: Pick<StampedBatch, 'classIndices' | 'probabilities' | 'ids'>,
    from: number,
    to: number,
    before: string,
  ): Buffer | undefined {
    if (texts !== this.texts) this.take(texts);
    this.memory.reserve(this.start + 3 * before.length + (to - from) * this.rowBytes + PADDING);
    const { start } = this;
    const { bytes, kernels } = this.memory;
    new Uint16Array(bytes.buffer, CLASSES, PIECE_ROWS).set(classIndices.subarray(from, to));
    new Float32Array(bytes.buffer, PROBABILITIES, PIECE_ROWS).set(probabilities.subarray(from, to));
    bytes.set(ids.subarray(from * 16, to * 16), IDS);
    const at = start + bytes.write(before, start);
    const end = kernels.answers(TEXTS, CLASSES, PROBABILITIES, IDS, to - from, from > 0, at);
    return end === 0 ? undefined : Buffer.from(bytes.subarray(start, end));
  }

  private take(texts: AnswerTexts): void {
    const all = [texts.middle, texts.tail, ...texts.heads].map((text) => Buffer.from(text));
    const [middle, tail, ...heads] = all.map(({ length }) => length);
    let at = TEXTS + all.length * PLACE_BYTES;
    this.memory.reserve(all.reduce((sum, { length }) => sum + length, at) + PADDING);
    const { bytes } = this.memory;
    all.forEach((text, i) => {
      bytes.writeUInt32LE(at, TEXTS + i * PLACE_BYTES);
      bytes.writeUInt32LE(text.length, TEXTS + i * PLACE_BYTES + 4);
      at += text.copy(bytes, at);
    });
    this.start = at + PADDING;
    this.rowBytes = COMMA + Math.max(...heads) + PROBABILITY + middle + ID + tail;
    this.texts = texts;
  }
}

let kernel: AnswerKernel | undefined;

/** The kernel of this process; made when it is first asked for, as few need it. */
export const answerKernel = (): AnswerKernel => (kernel ??= new AnswerKernel());
