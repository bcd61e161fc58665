import type { Distances } from '../drift/describe-window.js';
import type { CellReport } from './column-cells.js';
import type { SliceQuality } from './slice-quality.js';
import type { VersionView } from './version-view.js';
import type { ColumnReport, WindowReport } from './window-report.js';

/** One way in which a column was asked whether it has moved. Shares are 0 to 1. */
export interface SplitReport {
  readonly split: string;
  readonly baseline: number;
  readonly now: number;
  readonly low: number;
  readonly high: number;
  /** Over all splits of the column together (weighted Bonferroni). */
  readonly p: number;
}

/** One column of a window, with all that was asked of it: the answer of `GET /monitor/{model}/columns/{column}?format=json`. */
export interface ColumnDetail extends ColumnReport, Pick<WindowReport, 'model' | 'version' | 'window'> {
  /** The split that speaks most against "as usual", in a sentence. */
  readonly words: string | null;
  readonly e_value: number | null;
  readonly distances: Distances;
  readonly cells: readonly CellReport[];
  readonly splits: readonly SplitReport[];
  /** Where records hold its values: what labels say by each of them. */
  readonly slices: readonly SliceQuality[] | null;
}

export function columnReport({ report, columns, slices }: VersionView, place: number): ColumnDetail {
  const { model, version, window } = report;
  const { words, e_value, distances, cells, splits } = columns[place];
  return {
    model,
    version,
    window,
    ...report.columns[place],
    words,
    e_value,
    distances,
    cells,
    splits: splits.map(({ split, baseline, now, low, high, logP }) => ({
      split,
      baseline,
      now,
      low,
      high,
      p: Math.exp(logP),
    })),
    slices: slices.find(({ column }) => column === report.columns[place].name)?.values ?? null,
  };
}
