import { kindOf } from '#schema';
import type { Database, TextTableColumn, TextTable } from '#tables';

/** Maximum number of distinct texts of a column that are examined one by one. */
export const MOST_TEXTS = 1_000_000;

/** Statistics over all cells of a column. */
export interface ColumnFacts extends TextTableColumn {
  readonly rows: number;
  /** Number of cells with a missing token. */
  readonly missing: number;
  /** Number of distinct texts among the others. */
  readonly distinct: number;
  /** Numbers of cells that are finite numbers, that are whole, and that have leading zeros. */
  readonly numbers: number;
  readonly whole: number;
  readonly padded: number;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

/** The column, read as words, so that "None" is a value. */
export const ofWords = (column: TextTableColumn): TextTableColumn => ({ ...column, isMissing: column.isMissingWord });

export const columnFacts = (
  database: Database,
  column: TextTableColumn,
  { rows, decimal }: Pick<TextTable, 'rows' | 'decimal'>,
): Promise<ColumnFacts> => {
  const { text, isMissing } = column;
  const number = kindOf({ type: 'float' }).sqlFromText!(text, decimal);
  return database
    .one<Omit<ColumnFacts, keyof TextTableColumn | 'rows'>>(
      `SELECT count(*) FILTER (WHERE missing) AS missing, count(DISTINCT text) FILTER (WHERE NOT missing) AS distinct,
         count(*) FILTER (WHERE finite) AS numbers, count(*) FILTER (WHERE finite AND value = floor(value) AND abs(value) <= 9007199254740991) AS whole,
         count(*) FILTER (WHERE NOT missing AND regexp_matches(text, '^\\s*-?0\\d')) AS padded,
         min(value) FILTER (WHERE finite) AS minimum, max(value) FILTER (WHERE finite) AS maximum
       FROM (SELECT *, NOT missing AND coalesce(isfinite(value), false) AS finite FROM
         (SELECT ${text} AS text, ${isMissing} AS missing, ${number} AS value FROM texts))`,
    )
    .then((found) => ({ ...column, rows, ...found }));
};

/** The distinct non-missing texts of a column, the most frequent first. */
export const textsOf = (
  database: Database,
  { text, isMissing }: TextTableColumn,
  condition = 'true',
  most = MOST_TEXTS,
): Promise<{ readonly text: string; readonly count: number }[]> =>
  database.query(
    `SELECT ${text} AS text, count(*) AS count FROM texts WHERE NOT ${isMissing} AND (${condition}) GROUP BY 1 ORDER BY count DESC, text LIMIT ${most}`,
  );
