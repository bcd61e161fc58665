import type { Int } from 'apache-arrow';
import { DictionaryBatch } from 'apache-arrow/fb/dictionary-batch';
import { Endianness } from 'apache-arrow/fb/endianness';
import type { Field } from 'apache-arrow/fb/field';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { Type } from 'apache-arrow/fb/type';
import { ByteBuffer, Encoding } from 'flatbuffers';
import type { ColumnReader, RawColumn } from '#schema';
import { repeatedName } from '../repeated-name.js';
import { buffersOf, type ArrowType, columnTypeOf, intOf } from './column-type.js';
import { bytesOf, type ArrowPart } from './decode-part.js';
import { malformed } from './malformed.js';

const FILE_MAGIC = 'ARROW1';
const CONTINUATION = -1;
const MAX_COLUMNS = 10_000;
const MAX_BATCHES = 10_000;
const MAX_NAME_BYTES = 1_000;
/** Limits on metadata: the number of entries read, and the bytes of one. */
const MAX_METADATA = 100;
const MAX_METADATA_BYTES = 1_048_576;
const NO_NAMES: ReadonlySet<string> = new Set();
/** Sizes of the entries that describe a column and each of its buffers in a record batch. */
const BYTES_PER_NODE = 16;
const BYTES_PER_BUFFER = 16;
/** Alignment of buffers in the format, in bytes. */
const ALIGNMENT = 8;

/** The number of buffers of an ignored column, by type. */
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
  [Type.BinaryView]: 2,
  [Type.Utf8View]: 2,
};

/** Types with additional data buffers, whose number each batch states. */
const VIEWS: readonly Type[] = [Type.BinaryView, Type.Utf8View];

/** The columns that a model reads, and the others that its rows may have. */
export interface ArrowColumns {
  column(name: string): { readonly column: RawColumn; readonly reader: ColumnReader } | undefined;
  knows(name: string): boolean;
}

/** The distinct values of a dictionary-encoded column. */
export interface Dictionary {
  /** The type of the indices. */
  readonly index: Int;
  /** A later dictionary replaces the earlier ones or is appended to them. */
  parts: readonly ArrowPart[];
}

/** A column that is read: its values batch by batch. */
export interface TakenColumn {
  readonly name: string;
  readonly type: ArrowType;
  readonly reader: ColumnReader | undefined;
  /** Present if the column is dictionary-encoded; `batches` then hold indices. */
  readonly dictionary?: Dictionary;
  readonly batches: { readonly part: ArrowPart; readonly values?: readonly ArrowPart[] }[];
}

/** A column in the stream; `taken` is absent if the column is ignored. */
interface StreamColumn {
  readonly name: string;
  readonly buffers: number;
  /** Whether each batch states the number of additional data buffers. */
  readonly isView: boolean;
  readonly taken?: TakenColumn;
}

/** Dictionaries of the columns that are read, by their id in the stream. */
type Dictionaries = Map<string, { readonly dictionary: Dictionary; readonly column: TakenColumn }[]>;

/**
 * Reads the metadata of an IPC stream (https://arrow.apache.org/docs/format/Columnar.html) with a limit for each length
 * that it states: apache-arrow's own reader trusts these lengths, so a body of 400 bytes can keep it busy until memory
 * is exhausted.
 *
 * The index that pandas writes, and columns that the model does not use, are ignored.
 *
 * @throws Problem `bad-request`
 */
export function readStream(body: Buffer, taken: ArrowColumns): TakenColumn[] {
  if (body.toString('latin1', 0, FILE_MAGIC.length) === FILE_MAGIC)
    throw malformed('it is in the Arrow file format; send the stream format');
  let columns: StreamColumn[] | undefined;
  const dictionaries: Dictionaries = new Map();
  for (const { message, content } of messagesOf(body)) {
    const type = message.headerType();
    if (type === MessageHeader.Schema && !columns) columns = readSchema(message, taken, dictionaries);
    else if (type === MessageHeader.RecordBatch && columns) readBatch(message, content, columns);
    else if (type === MessageHeader.DictionaryBatch && columns) readDictionary(message, content, dictionaries);
    else throw malformed('a message in it is neither the schema, which comes first, nor a record batch');
  }
  if (!columns?.length) throw malformed('it has no columns; send the bytes that an Arrow stream writer has written');
  return columns.flatMap(({ taken: column }) => column ?? []);
}

function* messagesOf(body: Buffer): Generator<{ message: Message; content: Buffer }> {
  let at = 0;
  const take = (bytes: number): Buffer => {
    if (!(bytes >= 0 && at + bytes <= body.length)) {
      throw malformed(`a message runs past its end, which is at byte ${body.length}; send the complete stream`);
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

function readSchema(message: Message, taken: ArrowColumns, dictionaries: Dictionaries): StreamColumn[] {
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
    const used = taken.column(name);
    if (!used && (index.has(name) || taken.knows(name))) {
      const buffers = field.dictionary() ? 2 : BUFFERS[field.typeType()];
      const isView = !field.dictionary() && VIEWS.includes(field.typeType());
      if (buffers !== undefined) return { name, buffers, isView };
    }
    const column = takenColumn(field, name, used, dictionaries);
    const buffers = column.dictionary ? 2 : buffersOf(column.type);
    return { name, buffers, isView: !column.dictionary && column.type.kind === 'view', taken: column };
  });
  const twice = repeatedName(columns.map(({ name }) => name));
  if (twice !== undefined) throw malformed(`it names the column "${twice}" twice`);
  return columns;
}

/** Names of the index columns of a data frame, which pandas lists in the schema's metadata. */
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
      // Metadata of that name from another writer.
      return NO_NAMES;
    }
  }
  return NO_NAMES;
}

/** @throws Problem `bad-request` if the column does not accept its type */
function takenColumn(
  field: Field,
  name: string,
  used: ReturnType<ArrowColumns['column']>,
  dictionaries: Dictionaries,
): TakenColumn {
  const type = columnTypeOf(field, used?.column);
  if (typeof type === 'string') throw malformed(`the column "${name}" holds ${type}`);
  const encoding = field.dictionary();
  if (!encoding) return { name, type, reader: used?.reader, batches: [] };
  const index = intOf(encoding.indexType());
  if (!index) throw malformed(`the dictionary of the column "${name}" has indices that are not integers`);
  const dictionary: Dictionary = { index, parts: [] };
  const column = { name, type, reader: used?.reader, dictionary, batches: [] };
  const id = String(encoding.id());
  dictionaries.set(id, [...(dictionaries.get(id) ?? []), { dictionary, column }]);
  return column;
}

function readBatch(message: Message, content: Buffer, columns: readonly StreamColumn[]): void {
  const first = columns.find(({ taken }) => taken)?.taken;
  if (first?.batches.length === MAX_BATCHES) {
    throw malformed(`it has more than ${MAX_BATCHES} record batches; put more rows into each`);
  }
  const parts = readParts(message, message.header(new RecordBatch()) as RecordBatch | null, content, columns);
  columns.forEach(({ taken }, c) => taken?.batches.push({ part: parts[c]!, values: taken.dictionary?.parts }));
}

/** Reads a dictionary of columns that are read; skips others. */
function readDictionary(message: Message, content: Buffer, dictionaries: Dictionaries): void {
  const batch = message.header(new DictionaryBatch()) as DictionaryBatch | null;
  for (const { dictionary, column } of dictionaries.get(String(batch?.id())) ?? []) {
    if (dictionary.parts.length === MAX_BATCHES) {
      throw malformed(`it has more than ${MAX_BATCHES} dictionaries of the column "${column.name}"`);
    }
    const { name, type } = column;
    const taken = { name, type, reader: undefined, batches: [] };
    const values = { name, buffers: buffersOf(type), isView: type.kind === 'view', taken };
    const [part] = readParts(message, batch!.data(), content, [values]);
    dictionary.parts = batch!.isDelta() ? [...dictionary.parts, part!] : [part!];
  }
}

/** Reads the part of a record batch for each column that is read. */
function readParts(
  message: Message,
  batch: RecordBatch | null,
  content: Buffer,
  columns: readonly StreamColumn[],
): (ArrowPart | undefined)[] {
  if (batch?.compression()) throw malformed('its buffers are compressed; write them uncompressed, and gzip the body');
  const rows = Number(batch?.length());
  const views = columns.filter(({ isView }) => isView).length;
  let view = 0;
  const counts = columns.map(
    ({ buffers, isView }) => buffers + (isView ? Number(batch?.variadicBufferCounts(view++) ?? 0) : 0),
  );
  const buffers = counts.reduce((sum, count) => sum + count, 0);
  const isFit =
    batch?.nodesLength() === columns.length &&
    batch.buffersLength() === buffers &&
    (views === 0 || batch.variadicBufferCountsLength() === views) &&
    counts.every((count, c) => count >= columns[c].buffers);
  if (!isFit || message.bb!.capacity() < columns.length * BYTES_PER_NODE + buffers * BYTES_PER_BUFFER || rows < 0) {
    throw malformed('a record batch does not match the schema');
  }
  // Buffers become typed arrays, which must begin at multiples of their element size.
  const aligned = content.byteOffset % ALIGNMENT === 0 ? content : new Uint8Array(content);
  let next = 0;
  return columns.map(({ name, taken }, c) => {
    const first = next;
    next += counts[c];
    if (!taken) return undefined;
    const [validity, ...data] = Array.from({ length: counts[c] }, (_, b) => {
      const at = batch.buffers(first + b)!;
      const [offset, length] = [Number(at.offset()), Number(at.length())];
      if (offset < 0 || offset % ALIGNMENT !== 0 || length < 0 || offset + length > aligned.length) {
        throw malformed(`the column "${name}" lies outside of its record batch`);
      }
      return aligned.subarray(offset, offset + length);
    });
    const type: ArrowType = taken.dictionary ? { kind: 'number', type: taken.dictionary.index } : taken.type;
    const isShort =
      (validity.length > 0 && validity.length * 8 < rows) ||
      bytesOf(type, rows).some((bytes, b) => data[b].length < bytes);
    if (Number(batch.nodes(c)!.length()) !== rows || isShort) throw malformed(`the column "${name}" is cut short`);
    return { rows, validity: validity.length > 0 ? validity : undefined, buffers: data };
  });
}
