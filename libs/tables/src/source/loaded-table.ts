import type { CsvDialect, RawColumn } from '#schema';
import type { SampleRow } from './sample-row.js';

/** A raw column that the file has, in the table `data`. */
export type LoadedColumn = RawColumn & {
  /** SQL name of the number behind the value: DOUBLE, null where the cell has no value or none of the column's kind. */
  readonly value: string;
  /** SQL name of the text of cells that have no place in the column, null everywhere else. */
  readonly raw: string;
};

/**
 * The table `data`: the file's rows in their order (`rowid` counts from 0), the columns that the schema knows, and
 * the text `target`, null where it is missing or the file has none, `others`, a digest of all other columns where it was
 * asked for, and `k0`, `k1`, ..., the texts that were.
 */
export interface LoadedTable {
  readonly rows: number;
  readonly columns: readonly LoadedColumn[];
  readonly target: string;
  readonly hasTarget: boolean;
  /** Names as in the file, in its order, but for the index that pandas writes. */
  readonly header: readonly string[];
  readonly decimal: CsvDialect['decimal'];
  readonly malformed: { readonly count: number; readonly samples: readonly SampleRow[] };
}
