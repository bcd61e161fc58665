import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { InputError } from '../../input.error.js';

/** Room for 10,000 columns with names of 100 characters. */
const MAX_HEADER_BYTES = 1_048_576;

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function decode(path: string, bytes: Buffer): string {
  try {
    // `stream` forgives a character cut in two at the end of the buffer.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    if (!text.includes('\0')) return text;
  } catch {
    // Said below, as for a zero byte.
  }
  throw new InputError(`${path} is neither CSV in UTF-8 nor Parquet: its first lines hold bytes that are no text.`);
}

/** The names in the first line of a CSV file. */
export async function readCsvHeader(path: string): Promise<string[]> {
  const bytes = await firstBytes(path);
  const end = bytes.findIndex((byte) => byte === 10 || byte === 13);
  if (end < 0 && bytes.length === MAX_HEADER_BYTES) {
    throw new InputError(`${path} is no CSV file with a header: its first line is longer than 1 MiB.`);
  }
  const line = decode(path, end < 0 ? bytes : bytes.subarray(0, end));
  try {
    const [names] = parse(line, { bom: true, relax_column_count: true });
    if (names) return names;
  } catch {
    throw new InputError(`${path}: the header is no CSV: ${JSON.stringify(line.slice(0, 100))}.`);
  }
  throw new InputError(`${path} has an empty first line; a header is expected there.`);
}
