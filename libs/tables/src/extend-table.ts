import { constants } from 'node:fs';
import { appendFile, copyFile, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writtenWhole } from '#kit';
import { type CsvDialect, MAX_HEADER_BYTES } from '#schema';
import { identifier, literal, parquetTable, withDuckDb } from './duckdb.js';
import { type DataSource, openDataSource } from './source/data-source.js';
import { Database } from './source/database.js';

type Cell = string | number | boolean | null;
/** A value for each column of the table, by name; absent means missing. */
type AddedRow = Readonly<Record<string, Cell>>;
type CsvSource = Extract<DataSource, { format: 'csv' }>;

/** Rows written at a time. */
const CHUNK_ROWS = 4_096;

const textOf = (cell: string | number | boolean): string => (Object.is(cell, -0) ? '-0' : String(cell));

function encoded(text: string, encoding: CsvDialect['encoding']): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
}

/** The line ending of a CSV file, and whether the last line has one. */
async function lineEnds({ path, bytes, dialect }: CsvSource): Promise<{ end: string; isEnded: boolean }> {
  const file = await open(path);
  try {
    const read = async (from: number, length: number): Promise<string> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      return new TextDecoder(dialect.encoding).decode(buffer.subarray(0, bytesRead));
    };
    const width = dialect.encoding === 'utf-8' ? 1 : 2;
    const end = /\r\n|\n|\r/.exec(await read(0, Math.min(bytes, MAX_HEADER_BYTES)))?.[0] ?? '\n';
    return { end, isEnded: /[\r\n]/.test(await read(bytes - width, width)) };
  } finally {
    await file.close();
  }
}

/** Appends lines to a copy, formatted as the existing ones. */
async function extendCsv(source: CsvSource, rows: AsyncIterable<AddedRow>, out: string): Promise<number> {
  const { delimiter, decimal, encoding } = source.dialect;
  const { end, isEnded } = await lineEnds(source);
  const cellText = (cell: Cell = null): string => {
    if (cell === null) return '';
    const text = typeof cell === 'number' ? textOf(cell).replace('.', decimal) : textOf(cell);
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const names = source.header;
  let count = 0;
  await writtenWhole(out, async (temporary) => {
    await copyFile(source.path, temporary, constants.COPYFILE_FICLONE);
    let lines = isEnded ? '' : end;
    const flush = async (): Promise<void> => {
      await appendFile(temporary, encoded(lines, encoding));
      lines = '';
    };
    for await (const row of rows) {
      lines += names.map((name) => cellText(row[name])).join(delimiter) + end;
      if (++count % CHUNK_ROWS === 0) await flush();
    }
    await flush();
  });
  return count;
}

/** Appends rows with the columns' types; a row with a value that does not fit its column is skipped. */
async function extendParquet(path: string, rows: AsyncIterable<AddedRow>, out: string): Promise<number> {
  return withDuckDb({}, async (connection) => {
    const database = new Database(connection, undefined);
    const table = parquetTable(path);
    const columns = await database.query<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM ${table}`,
    );
    const isNumber = columns.map(({ column_type: type }) => /INT|FLOAT|DOUBLE|DECIMAL/.test(type));
    await connection.run(`CREATE TABLE added (${columns.map((_, i) => `a${i} VARCHAR`).join(', ')})`);
    const appender = await connection.createAppender('added');
    for await (const row of rows) {
      for (const [i, { column_name: name }] of columns.entries()) {
        const cell = row[name] ?? null;
        if (cell === null) appender.appendNull();
        else appender.appendVarchar(textOf(typeof cell === 'boolean' && isNumber[i] ? Number(cell) : cell));
      }
      appender.endRow();
    }
    appender.closeSync();
    const fits = columns.map(({ column_type: type }, i) => {
      const cast = `TRY_CAST(a${i} AS ${type})`;
      const isWhole = type.includes('INT') ? ` AND TRY_CAST(a${i} AS DOUBLE) = ${cast}::DOUBLE` : '';
      return `(a${i} IS NULL OR (${cast} IS NOT NULL${isWhole}))`;
    });
    await connection.run(`CREATE TABLE fitting AS SELECT * FROM added WHERE ${fits.join(' AND ')}`);
    const added = columns.map(({ column_name: name, column_type: type }, i) => `a${i}::${type} AS ${identifier(name)}`);
    const all = `SELECT * FROM ${table} UNION ALL SELECT ${added.join(', ')} FROM fitting`;
    // Deterministic row groups.
    await connection.run('SET threads = 1');
    await writtenWhole(out, (file) =>
      connection.run(`COPY (${all}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`),
    );
    return (await database.one<{ count: number }>('SELECT count(*) AS count FROM fitting')).count;
  });
}

/**
 * Copies a table and appends rows, keeping its format. A CSV file's bytes are kept, and new lines use its delimiter,
 * encoding and line ending; a Parquet file's columns keep their types. The same rows give the same bytes.
 *
 * @returns how many rows were added: in Parquet, a row with a value that does not fit its column is skipped
 * @throws InputError where the table cannot be read
 */
export async function extendTable(path: string, rows: AsyncIterable<AddedRow>, out: string): Promise<number> {
  const source = await openDataSource(path);
  await mkdir(dirname(out), { recursive: true });
  return source.format === 'csv' ? extendCsv(source, rows, out) : extendParquet(path, rows, out);
}
