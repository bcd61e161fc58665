import { type Data, Float, Int, makeData, Precision } from 'apache-arrow';
import { Endianness } from 'apache-arrow/fb/endianness';
import type { Field } from 'apache-arrow/fb/field';
import { FloatingPoint } from 'apache-arrow/fb/floating-point';
import { Int as IntType } from 'apache-arrow/fb/int';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { Type } from 'apache-arrow/fb/type';
import { ByteBuffer, Encoding } from 'flatbuffers';
import { Problem } from '../../../problem/problem.js';
import { repeatedName } from '../repeated-name.js';

const FILE_MAGIC = 'ARROW1';
const CONTINUATION = -1;
const WIDTHS = [8, 16, 32, 64] as const;
const MAX_COLUMNS = 10_000;
const MAX_BATCHES = 10_000;
const MAX_NAME_BYTES = 1_000;
/** Entries of metadata that are looked at, and bytes of one. */
const MAX_METADATA = 100;
const MAX_METADATA_BYTES = 1_048_576;
const NO_NAMES: ReadonlySet<string> = new Set();
/** What a batch of records tells of a column, and of each of its buffers. */
const BYTES_PER_NODE = 16;
const BYTES_PER_BUFFER = 16;
/** Where the format has a buffer begin. */
const ALIGNMENT = 8;

/** How many buffers hold a column that is left out. */
const BUFFERS: Readonly<Partial<Record<Type, number>>> = {
  [Type.Null]: 0,
  [Type.Int]: 2,
  [Type.FloatingPoint]: 2,
  [Type.Bool]: 2,
  [Type.Decimal]: 2,
  [Type.Date]: 2,
  [Type.Time]: 2,
  [Type.Timestamp]: 2,
  [Type.Interval]: 2,
  [Type.Duration]: 2,
  [Type.FixedSizeBinary]: 2,
  [Type.Binary]: 3,
  [Type.Utf8]: 3,
  [Type.LargeBinary]: 3,
  [Type.LargeUtf8]: 3,
};

/** Which columns a model takes, and which others its rows may have. */
export interface ArrowColumns {
  uses(name: string): boolean;
  knows(name: string): boolean;
}

/** A column of numbers: its values batch by batch. */
export interface NumberColumn {
  readonly name: string;
  readonly type: Int | Float;
  readonly batches: Data<Int | Float>[];
}

/** A column as it stands in the stream; without numbers where it is left out. */
interface StreamColumn {
  readonly name: string;
  readonly buffers: number;
  readonly numbers?: NumberColumn;
}

export const malformed = (what: string): Problem =>
  new Problem('bad-request', `The body is no Arrow IPC stream of numbers: ${what}.`);

/**
 * Reads the metadata of an IPC stream (https://arrow.apache.org/docs/format/Columnar.html) with a bound for each length
 * that it states: apache-arrow's own reader goes by them as they are, so that a body of 400 bytes can keep it busy until
 * memory ends.
 *
 * The index that pandas writes and columns that the model does not use are left out.
 *
 * @throws Problem `bad-request`
 */
export function readStream(body: Buffer, taken: ArrowColumns): NumberColumn[] {
  if (body.toString('latin1', 0, FILE_MAGIC.length) === FILE_MAGIC) throw malformed('it is a file; write a stream');
  let columns: StreamColumn[] | undefined;
  for (const { message, content } of messagesOf(body)) {
    if (message.headerType() === MessageHeader.Schema && !columns) columns = readSchema(message, taken);
    else if (message.headerType() === MessageHeader.RecordBatch && columns) readBatch(message, content, columns);
    else throw malformed('a message in it is neither the schema, which comes first, nor a batch of records');
  }
  if (!columns?.length) throw malformed('it has no columns; send the bytes that an Arrow stream writer has written');
  return columns.flatMap(({ numbers }) => numbers ?? []);
}

function* messagesOf(body: Buffer): Generator<{ message: Message; content: Buffer }> {
  let at = 0;
  const take = (bytes: number): Buffer => {
    if (!(bytes >= 0 && at + bytes <= body.length)) {
      throw malformed(`a message runs past its end, which is at byte ${body.length}; send all that was written`);
    }
    return body.subarray(at, (at += bytes));
  };
  while (at < body.length) {
    let length = take(4).readInt32LE();
    if (length === CONTINUATION) length = take(4).readInt32LE();
    if (length === 0) return;
    const message = Message.getRootAsMessage(new ByteBuffer(take(length)));
    yield { message, content: take(Number(message.bodyLength())) };
  }
}

function readSchema(message: Message, taken: ArrowColumns): StreamColumn[] {
  const schema = message.header(new Schema()) as Schema | null;
  const count = schema?.fieldsLength() ?? 0;
  if (count < 0 || count > MAX_COLUMNS) throw malformed(`its schema has more than ${MAX_COLUMNS} columns`);
  if (schema?.endianness() === Endianness.Big) throw malformed('its numbers are big-endian; write them little-endian');
  const index = count > 0 ? pandasIndex(schema!) : NO_NAMES;
  const columns = Array.from({ length: count }, (_, c) => {
    const field = schema!.fields(c)!;
    const bytes = field.name(Encoding.UTF8_BYTES) ?? '';
    if (bytes.length > MAX_NAME_BYTES) throw malformed(`a column's name is longer than ${MAX_NAME_BYTES} bytes`);
    const name = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
    const isLeftOut = !taken.uses(name) && (index.has(name) || taken.knows(name));
    const buffers = isLeftOut && !field.dictionary() ? BUFFERS[field.typeType()] : undefined;
    if (buffers !== undefined) return { name, buffers };
    return { name, buffers: 2, numbers: { name, type: typeOf(field, name), batches: [] } };
  });
  const twice = repeatedName(columns.map(({ name }) => name));
  if (twice !== undefined) throw malformed(`it names the column "${twice}" twice`);
  return columns;
}

/** Names of the columns that hold the index of a data frame: pandas tells them in the schema's metadata. */
function pandasIndex(schema: Schema): ReadonlySet<string> {
  for (let i = 0; i < Math.min(schema.customMetadataLength(), MAX_METADATA); i++) {
    const entry = schema.customMetadata(i);
    if (entry?.key() !== 'pandas') continue;
    const text = entry.value(Encoding.UTF8_BYTES);
    if (!text || text.length > MAX_METADATA_BYTES) return NO_NAMES;
    try {
      const columns = (JSON.parse(Buffer.from(text as Uint8Array).toString()) as { index_columns?: unknown[] })
        .index_columns;
      return new Set(columns?.filter((name) => typeof name === 'string'));
    } catch {
      // Somebody else's metadata by that name.
      return NO_NAMES;
    }
  }
  return NO_NAMES;
}

function typeOf(field: Field, name: string): Int | Float {
  if (!field.dictionary() && field.typeType() === Type.Int) {
    const type = field.type(new IntType()) as IntType | null;
    const width = WIDTHS.find((bits) => bits === type?.bitWidth());
    if (width) return new Int(type!.isSigned(), width);
  }
  if (!field.dictionary() && field.typeType() === Type.FloatingPoint) {
    const precision = (field.type(new FloatingPoint()) as FloatingPoint | null)?.precision();
    if (precision !== undefined && precision in Precision) return new Float(precision);
  }
  throw malformed(`the column "${name}" holds no numbers; send integers or floats`);
}

function readBatch(message: Message, content: Buffer, columns: readonly StreamColumn[]): void {
  const batch = message.header(new RecordBatch()) as RecordBatch | null;
  if (batch?.compression()) throw malformed('its buffers are compressed; write them without, and gzip the body');
  const taken = columns.flatMap(({ numbers }) => numbers ?? []);
  if (taken[0]?.batches.length === MAX_BATCHES) {
    throw malformed(`it has more than ${MAX_BATCHES} batches of records; put more rows into each`);
  }
  const rows = Number(batch?.length());
  const buffers = columns.reduce((count, column) => count + column.buffers, 0);
  const isFit = batch?.nodesLength() === columns.length && batch.buffersLength() === buffers;
  if (!isFit || message.bb!.capacity() < columns.length * BYTES_PER_NODE + buffers * BYTES_PER_BUFFER || rows < 0) {
    throw malformed('a batch of records does not match the schema');
  }
  // Buffers become typed arrays, which begin at multiples of their width.
  const aligned = content.byteOffset % ALIGNMENT === 0 ? content : new Uint8Array(content);
  let next = 0;
  columns.forEach(({ numbers, buffers }, c) => {
    const first = next;
    next += buffers;
    if (!numbers) return;
    const { name, type, batches } = numbers;
    const [validity, data] = [first, first + 1].map((at) => {
      const [offset, length] = [Number(batch.buffers(at)!.offset()), Number(batch.buffers(at)!.length())];
      if (offset < 0 || offset % ALIGNMENT !== 0 || length < 0 || offset + length > aligned.length) {
        throw malformed(`the column "${name}" lies outside of its batch of records`);
      }
      return aligned.subarray(offset, offset + length);
    });
    const isShort = validity.length > 0 && validity.length * 8 < rows;
    if (Number(batch.nodes(c)!.length()) !== rows || data.length < rows * type.ArrayType.BYTES_PER_ELEMENT || isShort) {
      throw malformed(`the column "${name}" is cut short`);
    }
    const nullBitmap = validity.length > 0 ? validity : undefined;
    batches.push(makeData({ type: type as Float, length: rows, data, nullBitmap }));
  });
}
