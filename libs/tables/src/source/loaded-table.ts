import type { CsvDialect, RawColumn } from '#schema';
import type { SampleRow } from './sample-row.js';

/** A raw column of the file, in the table `data`. */
export type LoadedColumn = RawColumn & {
  /** SQL name of the value as a number: DOUBLE, null where the cell is missing or does not fit the column's kind. */
  readonly value: string;
  /** SQL name of the text of cells that do not fit the column, else null. */
  readonly raw: string;
};

/**
 * The table `data`: the file's rows in order (`rowid` counts from 0). It has the columns of the schema; the text
 * `target`, null where missing or absent from the file; `others`, a hash of all other columns if requested; and the
 * requested texts, `k0`, `k1`, ...
 */
export interface LoadedTable {
  readonly rows: number;
  readonly columns: readonly LoadedColumn[];
  readonly target: string;
  readonly hasTarget: boolean;
  /** Names in file order, without the index column that pandas writes. */
  readonly header: readonly string[];
  readonly decimal: CsvDialect['decimal'];
  readonly malformed: { readonly count: number; readonly samples: readonly SampleRow[] };
}
