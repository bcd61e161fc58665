import { type Database, type LoadedTable, MAX_SAMPLES } from '#tables';

/** Rows whose features equal another row's, compared exactly. */
export interface RepeatedRows {
  /** Rows that equal an earlier one in all columns of the file. */
  readonly duplicates: { readonly count: number; readonly rows: readonly number[] };
  /** Rows whose features also occur with another target; adjacent rows in `rows` contradict each other. */
  readonly conflicts: { readonly count: number; readonly rows: readonly number[] };
}

const rowsOf = (found: readonly { row: number }[]): number[] => found.map(({ row }) => row);

/**
 * Grouping all rows by all columns would need memory for every row. Grouping by a 64-bit hash needs a tenth of it; only
 * the few rows whose hashes collide are then compared column by column.
 */
export async function findRepeatedRows(database: Database, { columns }: LoadedTable): Promise<RepeatedRows> {
  const features = columns.flatMap(({ value, raw }) => [value, raw]).join(', ');
  const hash = `hash(${features})`;
  await database.query(
    `CREATE TABLE repeated AS SELECT hash FROM (SELECT ${hash} AS hash FROM data) GROUP BY hash HAVING count(*) > 1`,
  );
  await database.query(
    `CREATE TABLE suspects AS SELECT rowid AS row, * FROM data WHERE ${hash} IN (SELECT hash FROM repeated)`,
  );
  const surplus = await database.one<{ count: number }>(
    `SELECT coalesce(sum(n - 1), 0)::DOUBLE AS count FROM (SELECT count(*) AS n FROM suspects GROUP BY ${features}, target, others)`,
  );
  const later = await database.query<{ row: number }>(
    `SELECT row FROM suspects QUALIFY row_number() OVER (PARTITION BY ${features}, target, others ORDER BY row) > 1
     ORDER BY row LIMIT ${MAX_SAMPLES}`,
  );
  const contradicting = await database.one<{ count: number }>(
    `SELECT coalesce(sum(n), 0)::DOUBLE AS count FROM
       (SELECT count(target) AS n FROM suspects GROUP BY ${features} HAVING min(target) <> max(target))`,
  );
  const contradictions = await database.query<{ row: number }>(
    `SELECT row FROM (SELECT row, target, min(row) OVER same AS first, min(target) OVER same <> max(target) OVER same AS differs
       FROM suspects WINDOW same AS (PARTITION BY ${features}))
     WHERE differs AND target IS NOT NULL ORDER BY first, row LIMIT ${MAX_SAMPLES}`,
  );
  return {
    duplicates: { count: surplus.count, rows: rowsOf(later) },
    conflicts: { count: contradicting.count, rows: rowsOf(contradictions) },
  };
}
