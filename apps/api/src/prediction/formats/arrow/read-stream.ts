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
/** What a batch of records tells of a column. */
const BYTES_PER_COLUMN = 48;
/** Where the format has a buffer begin. */
const ALIGNMENT = 8;

/** A column of numbers: its values batch by batch. */
export interface NumberColumn {
  readonly name: string;
  readonly type: Int | Float;
  readonly batches: Data<Int | Float>[];
}

export const malformed = (what: string): Problem =>
  new Problem('bad-request', `The body is no Arrow IPC stream of numbers: ${what}.`);

/**
 * Reads the metadata of an IPC stream (https://arrow.apache.org/docs/format/Columnar.html) with a bound for each length
 * that it states: apache-arrow's own reader goes by them as they are, so that a body of 400 bytes can keep it busy until
 * memory ends.
 *
 * @throws Problem `bad-request`
 */
export function readStream(body: Buffer): NumberColumn[] {
  if (body.toString('latin1', 0, FILE_MAGIC.length) === FILE_MAGIC) throw malformed('it is a file; write a stream');
  let columns: NumberColumn[] | undefined;
  for (const { message, content } of messagesOf(body)) {
    if (message.headerType() === MessageHeader.Schema && !columns) columns = readSchema(message);
    else if (message.headerType() === MessageHeader.RecordBatch && columns) readBatch(message, content, columns);
    else throw malformed('a message in it is neither the schema, which comes first, nor a batch of records');
  }
  if (!columns?.length) throw malformed('it has no columns; send the bytes that an Arrow stream writer has written');
  return columns;
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

function readSchema(message: Message): NumberColumn[] {
  const schema = message.header(new Schema()) as Schema | null;
  const count = schema?.fieldsLength() ?? 0;
  if (count < 0 || count > MAX_COLUMNS) throw malformed(`its schema has more than ${MAX_COLUMNS} columns`);
  if (schema?.endianness() === Endianness.Big) throw malformed('its numbers are big-endian; write them little-endian');
  const columns = Array.from({ length: count }, (_, c) => {
    const field = schema!.fields(c)!;
    const bytes = field.name(Encoding.UTF8_BYTES) ?? '';
    if (bytes.length > MAX_NAME_BYTES) throw malformed(`a column's name is longer than ${MAX_NAME_BYTES} bytes`);
    const name = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
    return { name, type: typeOf(field, name), batches: [] };
  });
  const twice = repeatedName(columns.map(({ name }) => name));
  if (twice !== undefined) throw malformed(`it names the column "${twice}" twice`);
  return columns;
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

function readBatch(message: Message, content: Buffer, columns: readonly NumberColumn[]): void {
  const batch = message.header(new RecordBatch()) as RecordBatch | null;
  if (batch?.compression()) throw malformed('its buffers are compressed; write them without, and gzip the body');
  if (columns[0]?.batches.length === MAX_BATCHES) {
    throw malformed(`it has more than ${MAX_BATCHES} batches of records; put more rows into each`);
  }
  const rows = Number(batch?.length());
  const isFit = batch?.nodesLength() === columns.length && batch.buffersLength() === 2 * columns.length;
  if (!isFit || message.bb!.capacity() < columns.length * BYTES_PER_COLUMN || rows < 0) {
    throw malformed('a batch of records does not match the schema');
  }
  // Buffers become typed arrays, which begin at multiples of their width.
  const aligned = content.byteOffset % ALIGNMENT === 0 ? content : new Uint8Array(content);
  columns.forEach(({ name, type, batches }, c) => {
    const [validity, data] = [2 * c, 2 * c + 1].map((at) => {
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
