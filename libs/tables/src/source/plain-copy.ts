import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CsvDialect } from '#schema';

/** Converts to UTF-8 with line feeds, as a stream: a file of several gigabytes is never in memory as a whole. */
async function* plainText(chunks: AsyncIterable<Buffer>, encoding: CsvDialect['encoding']): AsyncGenerator<Buffer> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  let endsInCarriageReturn = false;
  for await (const chunk of chunks) {
    // Bytes as latin1 characters: in UTF-8 the bytes of line ends occur nowhere else.
    const text = decoder ? decoder.decode(chunk, { stream: true }) : chunk.toString('latin1');
    const rest = endsInCarriageReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') endsInCarriageReturn = text.endsWith('\r');
    yield Buffer.from(rest.replace(/\r\n?/g, '\n'), decoder ? 'utf8' : 'latin1');
  }
}

/** Runs a callback with a copy of a CSV file that DuckDB can read: UTF-8, LF line ends. It is removed afterwards. */
export async function withPlainCopy<T>(
  path: string,
  encoding: CsvDialect['encoding'],
  signal: AbortSignal | undefined,
  work: (copy: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'skewless-csv-'));
  const copy = join(folder, 'plain.csv');
  try {
    await pipeline(
      createReadStream(path),
      (chunks: AsyncIterable<Buffer>) => plainText(chunks, encoding),
      createWriteStream(copy),
      { signal },
    );
    return await work(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
