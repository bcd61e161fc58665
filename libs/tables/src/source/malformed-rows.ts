import { InputError } from '#kit';
import { MAX_SAMPLES } from './sample-row.js';
import type { Database } from './database.js';
import type { DataSource } from './data-source.js';
import type { LoadedTable } from './loaded-table.js';

interface Reject {
  readonly line: number;
  readonly csv_line: string | null;
  readonly error_message: string;
}

/** After these errors, the boundaries of rows are unknown. */
const FATAL = `error_type = 'LINE SIZE OVER MAXIMUM' OR error_message LIKE '%unterminated quote%'`;

/** DuckDB's message in words, without a full stop. */
function reasonOf(message: string): string {
  const [, expected, found] = /^Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? [];
  if (found) return `it has ${found} ${found === '1' ? 'cell' : 'cells'}, but the header has ${expected}`;
  if (/^Invalid unicode/i.test(message)) return 'it is not UTF-8; save the file as UTF-8';
  return message.split('\n')[0].replace(/\.+$/, '');
}

/** The first malformed line in words, for an error. */
export function malformedText(path: string, { count, samples }: LoadedTable['malformed']): string {
  const [{ row, values }] = samples;
  const lines = count === 1 ? '1 malformed line' : `${count} malformed lines`;
  return `${path} has ${lines}; the first is row ${row} below the header: ${String(values.reason)}.`;
}

/** The malformed lines: too many or too few cells, text after a quote, invalid UTF-8. */
export async function readMalformedRows(
  database: Database,
  { path, dialect }: Extract<DataSource, { format: 'csv' }>,
): Promise<LoadedTable['malformed']> {
  const select = 'SELECT line, any_value(csv_line) AS csv_line, any_value(error_message) AS error_message';
  const by = 'GROUP BY line ORDER BY line LIMIT';
  const [fatal] = await database.query<Reject>(`${select} FROM reject_errors WHERE ${FATAL} ${by} 1`);
  if (fatal) {
    const isQuote = fatal.error_message.includes('quote');
    const reason = isQuote ? 'a quote is opened and never closed' : 'it is longer than 2 MB';
    throw new InputError(`${path} cannot be read beyond line ${fatal.line}: ${reason}.`);
  }
  const { count } = await database.one<{ count: number }>('SELECT count(DISTINCT line) AS count FROM reject_errors');
  const rejects = await database.query<Reject>(`${select} FROM reject_errors ${by} ${MAX_SAMPLES}`);
  return {
    count,
    samples: rejects.map(({ line, csv_line, error_message }) => ({
      row: line - 1 - dialect.skipLines,
      values: { line: csv_line?.slice(0, 200) ?? null, reason: reasonOf(error_message) },
    })),
  };
}
