import type { PredictionRows, WrittenRows } from '../store/rows.js';
import type { LogChunk } from './log-chunk.js';
import { RecordText } from './record-text.js';
import { KEEP_NOTHING, RowTexts } from './row-texts.js';

/** Most characters of an id in quotes, of a number in quotes, of the commas behind the parts of a row, and of what stands around all. */
const [ID_JSON, NUMBER, COMMAS, HEADS] = [38, 27, 5, 200];

export const NO_TEXTS = new RowTexts([], KEEP_NOTHING);

export const bytesOfIds = ({ ids }: LogChunk): Buffer => Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength);

const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

/**
 * Answered rows of chunks, as a store takes them: its lists are made when they are asked for, and a JSON text of all is written
 * straight from the chunks' numbers.
 */
export class RecordRows implements WrittenRows {
  constructor(
    private readonly chunks: readonly LogChunk[],
    private readonly text = new RecordText(),
    private readonly textsOf: (chunk: LogChunk) => RowTexts = () => NO_TEXTS,
  ) {}

  get ids(): string[] {
    return this.list((chunk) => {
      const bytes = bytesOfIds(chunk);
      return (row) => uuid(bytes.toString('hex', row * 16, row * 16 + 16));
    });
  }

  get externalIds(): (string | null)[] {
    return this.list((chunk) => (row) => chunk.externalIds?.[row] ?? null);
  }

  get models(): string[] {
    return this.list((chunk) => () => chunk.model);
  }

  get versions(): string[] {
    return this.list((chunk) => () => chunk.version);
  }

  get predictions(): string[] {
    return this.list(({ values, labels, classes }) =>
      values ? (row) => String(values[row]) : (row) => labels[classes[row]],
    );
  }

  get scores(): (number | null)[] {
    return this.list((chunk) => (row) => (chunk.values ? null : chunk.scores[row]));
  }

  get slices(): (string | null)[] {
    return this.list((chunk) => {
      const { slices } = this.textsOf(chunk);
      return (row) => slices?.(chunk.columns, row) ?? null;
    });
  }

  get raw(): (string | null)[] {
    return this.kept(({ raw }) => raw);
  }

  get weights(): (number | null)[] {
    return this.kept(({ weight }) => weight);
  }

  json(before: string, after: string): Buffer {
    const some = this.listsOfTexts();
    const { text } = this;
    text.start(this.mostBytes(before, after) + some.reduce((sum, [, json]) => sum + json.length, 0));
    text.write(`${before}{"ids":[`);
    this.each((chunk) => text.writeIds(chunk));
    text.write('],"models":[');
    this.each(({ model, rows }) => text.repeat(JSON.stringify(model), rows));
    text.write('],"versions":[');
    this.each(({ version, rows }) => text.repeat(JSON.stringify(version), rows));
    text.write('],"predictions":[');
    this.each((chunk) => text.writePredictions(chunk));
    text.write('],"scores":[');
    this.each(({ values, scores, rows }) => (values ? text.repeat('null', rows) : text.writeScores(scores, rows)));
    text.write(']');
    for (const [name, json] of some) {
      text.write(`,"${name}":`);
      text.add(json);
    }
    text.write(`}${after}`);
    return text.end();
  }

  /** Lists that are not there for every row, where they are for some. */
  private listsOfTexts(): [name: string, json: Buffer][] {
    const texts = this.chunks.map((chunk) => this.textsOf(chunk));
    const names: (keyof PredictionRows)[] = [];
    if (this.chunks.some(({ externalIds }) => externalIds)) names.push('externalIds');
    if (texts.some(({ slices }) => slices)) names.push('slices');
    if (texts.some(({ keepsRaw }) => keepsRaw)) names.push('raw', 'weights');
    return names.map((name) => [name, Buffer.from(JSON.stringify(this[name]))]);
  }

  private mostBytes(...around: readonly string[]): number {
    const most = (texts: readonly string[]): number =>
      3 * Math.max(0, ...texts.map((text) => JSON.stringify(text).length));
    const ofRows = this.chunks.map(({ model, version, labels, rows }) => {
      const ofRow = ID_JSON + most([model]) + most([version]) + Math.max(most(labels), NUMBER) + NUMBER;
      return rows * (ofRow + COMMAS);
    });
    return ofRows.reduce((sum, bytes) => sum + bytes, HEADS + 3 * (around[0].length + around[1].length));
  }

  private each(write: (chunk: LogChunk) => void): void {
    this.chunks.forEach((chunk, i) => {
      if (i > 0) this.text.write(',');
      write(chunk);
    });
  }

  private list<T>(reader: (chunk: LogChunk) => (row: number) => T): T[] {
    return this.chunks.flatMap((chunk) => {
      const read = reader(chunk);
      return Array.from({ length: chunk.rows }, (_, row) => read(row));
    });
  }

  private kept<T>(pick: (kept: { readonly raw: string; readonly weight: number }) => T): (T | null)[] {
    return this.list((chunk) => {
      const [bytes, texts] = [bytesOfIds(chunk), this.textsOf(chunk)];
      return (row) => {
        const kept = texts.rawOf(chunk.columns, row, bytes);
        return kept ? pick(kept) : null;
      };
    });
  }
}
