import { columnStats } from './column-stats.js';
import type { ColumnStats, ReferenceStats } from './reference-stats.js';
import type { Database, LoadedTable } from '#tables';

/** A target with more classes is an identifier or a measurement. */
export const MAX_CLASSES = 1_000;

async function classCounts(database: Database): Promise<Record<string, number>> {
  const classes = await database.query<{ target: string; count: number }>(
    `SELECT target, count(*) AS count FROM data WHERE target IS NOT NULL GROUP BY target ORDER BY count DESC, target LIMIT ${MAX_CLASSES}`,
  );
  return Object.fromEntries(classes.map(({ target, count }) => [target, count]));
}

/** The distributions of all loaded columns and of the classes. */
export async function tableStats(database: Database, { columns, rows, target }: LoadedTable): Promise<ReferenceStats> {
  const described: [string, ColumnStats][] = [];
  for (const column of columns) {
    const stats = await columnStats(database, column, rows);
    if (stats) described.push([column.name, stats]);
  }
  return {
    format_version: 1,
    rows,
    columns: Object.fromEntries(described),
    target: { column: target, classes: await classCounts(database) },
  };
}
