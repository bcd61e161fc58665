import { InputError, writtenWhole } from '#kit';
import type { RawColumn } from '#schema';
import { type DuckDBConnection, identifier, literal, withDuckDb } from '#tables';
import type { MonitorStore, RowQuery } from '../store/monitor-store.js';
import type { StoredPrediction } from '../store/rows.js';
import { watchedVersions } from '../watch/watched-version.js';

type Cell = string | number | boolean | null;

interface WrittenColumn {
  readonly name: string;
  readonly type: 'DOUBLE' | 'BIGINT' | 'BOOLEAN' | 'VARCHAR';
}

/** Numbers are written as the same float64; a JSON string becomes VARCHAR. */
function typeOf(column: RawColumn): WrittenColumn['type'] {
  if (column.type === 'float') return 'DOUBLE';
  if (column.type === 'integer') return 'BIGINT';
  if (column.type === 'boolean') return 'BOOLEAN';
  return column.type === 'category' && column.codes === 'number' ? 'DOUBLE' : 'VARCHAR';
}

type Appender = Awaited<ReturnType<DuckDBConnection['createAppender']>>;

function append(appender: Appender, type: WrittenColumn['type'], cell: Cell): void {
  if (cell === null) appender.appendNull();
  else if (type === 'DOUBLE') appender.appendDouble(Number(cell));
  else if (type === 'BIGINT') appender.appendBigInt(BigInt(cell));
  else if (type === 'BOOLEAN') appender.appendBoolean(Boolean(cell));
  else appender.appendVarchar(String(cell));
}

/** Writes rows as Parquet or CSV, by the file's extension. @returns the number of rows */
async function writeRows(
  out: string,
  columns: readonly WrittenColumn[],
  rows: AsyncIterable<readonly Cell[]>,
): Promise<number> {
  if (!/\.(parquet|csv)$/.test(out)) throw new InputError(`--out ${out}: the file name must end in .parquet or .csv.`);
  const format = out.endsWith('.csv') ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd';
  let count = 0;
  await withDuckDb({}, async (connection) => {
    const types = columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ');
    await connection.run(`CREATE TABLE written (${types})`);
    const appender = await connection.createAppender('written');
    for await (const row of rows) {
      columns.forEach(({ type }, c) => append(appender, type, row[c]));
      appender.endRow();
      count++;
    }
    appender.closeSync();
    await writtenWhole(out, (temporary) => connection.run(`COPY written TO ${literal(temporary)} (${format})`));
  });
  return count;
}

/** The columns of an exported log of predictions. */
const LOG: readonly (WrittenColumn & { readonly of: (row: StoredPrediction) => Cell })[] = [
  { name: 'prediction_id', type: 'VARCHAR', of: ({ id }) => id },
  { name: 'external_id', type: 'VARCHAR', of: ({ externalId }) => externalId },
  { name: 'predicted_at', type: 'VARCHAR', of: ({ time }) => new Date(time).toISOString() },
  { name: 'version', type: 'VARCHAR', of: ({ version }) => version },
  { name: 'prediction', type: 'VARCHAR', of: ({ prediction }) => prediction },
  { name: 'score', type: 'DOUBLE', of: ({ score }) => score },
  { name: 'label', type: 'VARCHAR', of: ({ label }) => label },
  { name: 'observed_at', type: 'VARCHAR', of: ({ observedAt }) => observedAt && new Date(observedAt).toISOString() },
  { name: 'slices', type: 'VARCHAR', of: ({ slices }) => slices },
  { name: 'raw', type: 'VARCHAR', of: ({ raw }) => raw },
  { name: 'weight', type: 'DOUBLE', of: ({ weight }) => weight },
];

/**
 * Writes the stored predictions of a model, with their labels.
 *
 * @throws InputError where the file's extension is neither .parquet nor .csv
 */
export function exportLog(store: MonitorStore, query: RowQuery, out: string): Promise<number> {
  async function* rows(): AsyncGenerator<Cell[]> {
    for await (const row of store.predictions(query)) yield LOG.map(({ of }) => of(row));
  }
  return writeRows(out, LOG, rows());
}

/**
 * Writes the raw rows that have a label as a training table: the input columns, then the label under the target's name. Numbers are
 * bit for bit those of the requests.
 *
 * @returns the number of rows written, of rows without a label, and of predictions whose raw row was not kept
 * @throws InputError where the store does not know the model, or has no such row
 */
export async function exportTrainingTable(
  store: MonitorStore,
  query: RowQuery,
  target: string,
  out: string,
): Promise<{ readonly rows: number; readonly unlabelled: number; readonly notKept: number }> {
  const watched = (await watchedVersions(store, query.model)).at(-1);
  if (!watched) throw new InputError(`The store of predictions has no model "${query.model}".`);
  const inputs = watched.inputs.filter(({ name }) => name !== target);
  const isNumber = watched.task === 'regression' || watched.classes.every((label) => typeof label === 'number');
  const columns: WrittenColumn[] = [
    ...inputs.map((column) => ({ name: column.name, type: typeOf(column) })),
    { name: target, type: isNumber ? (watched.task === 'regression' ? 'DOUBLE' : 'BIGINT') : 'VARCHAR' },
  ];
  let [unlabelled, notKept] = [0, 0];
  async function* rows(): AsyncGenerator<Cell[]> {
    for await (const { raw, label } of store.predictions(query)) {
      if (raw === null) notKept++;
      else if (label === null) unlabelled++;
      else {
        const row = JSON.parse(raw) as Record<string, Cell>;
        yield [...inputs.map(({ name }) => row[name] ?? null), isNumber ? Number(label) : label];
      }
    }
  }
  const written = await writeRows(out, columns, rows());
  if (written > 0) return { rows: written, unlabelled, notKept };
  throw new InputError(
    `No row of "${query.model}" has both raw values and a label in this period: ${notKept} were not kept (monitor.rows), ${unlabelled} have no label.`,
  );
}
