import { join } from 'node:path';
import { DAY } from '#kit';
import { type DuckDBConnection, literal } from '#tables';
import type { Span } from '../monitor-store.js';
import { LATEST, LINE, OF_BATCHES } from './columns.js';
import type { Kind } from './manifest.js';
import { pathOf, type StoreSnapshot } from './snapshot.js';

/** Maximum length of a line of a segment. */
const LINE_BYTES = 16 * 1_048_576;

/**
 * Creates the tables `batches`, with each batch of the segments that is not in files yet, and `forgotten`, with the erased ids.
 *
 * @throws DuckDB's error where a segment has been removed meanwhile
 */
export async function readSegments(
  connection: DuckDBConnection,
  { folder, manifest, segments }: StoreSnapshot,
): Promise<void> {
  const columns = Object.entries(LINE);
  await connection.run('CREATE TEMP TABLE folded (producer VARCHAR, until BIGINT)');
  await connection.run('CREATE TEMP TABLE forgotten (id UUID)');
  const folded = Object.entries(manifest.producers).map(([producer, { sequence }]) => [producer, sequence] as const);
  for (const row of folded) await connection.run('INSERT INTO folded VALUES ($1, $2)', [row[0], BigInt(row[1])]);
  await insertIds(
    connection,
    'forgotten',
    manifest.forgotten.map(({ id }) => id),
  );
  if (segments.length === 0) {
    const empty = columns.map(([name, type]) => `"${name}" ${type}`).join(', ');
    await connection.run(`CREATE TEMP TABLE batches (${empty})`);
    return;
  }
  const paths = segments.map((name) => literal(join(folder, 'segments', name))).join(', ');
  const types = columns.map(([name, type]) => `${name}: ${literal(type)}`).join(', ');
  // A torn last line, of a writer that was killed or is still writing, is read as a row of NULLs.
  await connection.run(`
    CREATE TEMP TABLE batches AS SELECT line.*
    FROM read_json([${paths}], format = 'newline_delimited', columns = {${types}}, ignore_errors = true,
      filename = true, maximum_object_size = ${LINE_BYTES}) line
    LEFT JOIN folded USING (producer)
    WHERE sequence IS NOT NULL AND sequence > coalesce(until, 0)`);
  // Removes repeated batches. A separate statement, because a window over whole batches would hold all of them in memory.
  await connection.run(`
    DELETE FROM batches WHERE rowid IN (SELECT rowid FROM (
      SELECT rowid, row_number() OVER (PARTITION BY producer, sequence ORDER BY filename) AS place FROM batches)
    WHERE place > 1)`);
}

/**
 * Creates the views `predictions`, `raw`, `all_labels` and `labels` (the latest of each id), limited to a span, on top of
 * {@link readSegments}.
 */
export async function makeViews(
  connection: DuckDBConnection,
  snapshot: StoreSnapshot,
  { from, to }: Span,
): Promise<void> {
  const inSpan = `time >= ${from} AND time < ${to}`;
  const files = snapshot.manifest.files.filter(({ day }) => day < to && day + DAY > from);
  const both = (kind: Kind): string => {
    const paths = files.filter((file) => file.kind === kind).map((file) => literal(pathOf(snapshot.folder, file)));
    const stored = paths.length > 0 ? `SELECT * FROM read_parquet([${paths.join(', ')}]) UNION ALL ` : '';
    return `(${stored}${OF_BATCHES[kind]}) WHERE ${inSpan}`;
  };
  const seen = 'AND id NOT IN (SELECT id FROM forgotten)';
  await connection.run(`CREATE TEMP VIEW predictions AS SELECT * FROM ${both('predictions')} ${seen}`);
  await connection.run(`CREATE TEMP VIEW raw AS SELECT * FROM ${both('raw')} ${seen}`);
  await connection.run(`CREATE TEMP VIEW all_labels AS SELECT * FROM ${both('labels')} ${seen}`);
  await connection.run(`CREATE TEMP VIEW labels AS SELECT * FROM all_labels ${LATEST}`);
}

/** Inserts ids into a table of one column. @param ids must not contain spaces */
export async function insertIds(connection: DuckDBConnection, table: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  // One joined string takes a tenth of the time of one call for each id.
  await connection.run(`INSERT INTO ${table} SELECT DISTINCT unnest(string_split($1, ' '))`, [ids.join(' ')]);
}
