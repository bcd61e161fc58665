import type { Distances } from '../drift/describe-window.js';
import type { CellReport } from './column-cells.js';
import type { SliceQuality } from './slice-quality.js';
import type { VersionView } from './version-view.js';
import type { ColumnReport, WindowReport } from './window-report.js';

/** The test of one split of a column. Shares are 0 to 1. */
export interface SplitReport {
  readonly split: string;
  readonly baseline: number;
  readonly now: number;
  readonly low: number;
  readonly high: number;
  /** Over all splits of the column together (weighted Bonferroni). */
  readonly p: number;
}

/** One column of a window with all its tests: the response of `GET /monitor/{model}/columns/{column}?format=json`. */
export interface ColumnDetail extends ColumnReport, Pick<WindowReport, 'model' | 'version' | 'window'> {
  /** The split with the strongest evidence of a change, as a sentence. */
  readonly words: string | null;
  readonly e_value: number | null;
  readonly distances: Distances;
  readonly cells: readonly CellReport[];
  readonly splits: readonly SplitReport[];
  /** Quality by each value of the column, where predictions are stored with it; else null. */
  readonly slices: readonly SliceQuality[] | null;
}

export function columnReport({ report, columns, slices }: VersionView, index: number): ColumnDetail {
  const { model, version, window } = report;
  const { words, e_value, distances, cells, splits } = columns[index];
  return {
    model,
    version,
    window,
    ...report.columns[index],
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
    slices: slices.find(({ column }) => column === report.columns[index].name)?.values ?? null,
  };
}
