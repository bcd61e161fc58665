import type { ColumnView } from '../report/version-view.js';
import type { WindowReport } from '../report/window-report.js';

type Cell = string | number | boolean | null;

/** RFC 4180. A text that a spreadsheet would execute as a formula gets a leading apostrophe. */
function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function table(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [names, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

const MODEL_NAMES = [
  ...['model', 'version', 'scale', 'from', 'to', 'closed', 'rows', 'status', 'alarms', 'metric', 'value', 'labels'],
  ...['low', 'high', 'registered', 'rmse', 'rmse_low', 'rmse_high', 'bias', 'bias_low', 'bias_high'],
];

const OTHERS = ['rmse', 'bias'] as const;

/** One row for each model. */
export const modelsCsv = (reports: readonly WindowReport[]): string =>
  table(
    MODEL_NAMES,
    reports.map(({ model, version, window, status, alarms, quality }) => [
      model,
      version,
      window.scale,
      window.from,
      window.to,
      window.closed,
      window.rows,
      status,
      alarms.length,
      quality?.metric ?? null,
      quality?.value ?? null,
      quality?.labels ?? null,
      quality?.low ?? null,
      quality?.high ?? null,
      quality?.registered ?? null,
      ...OTHERS.flatMap((metric): Cell[] => {
        const other = quality?.others.find((one) => one.metric === metric);
        return [other?.value ?? null, other?.low ?? null, other?.high ?? null];
      }),
    ]),
  );

/** One row for each column. */
export const columnsCsv = ({ columns }: WindowReport): string =>
  table(
    ['name', 'status', 'moved', 'missing', 'unseen', 'smallest_visible'],
    columns.map(({ name, status, moved, missing, unseen, smallest_visible }) => [
      name,
      status,
      moved,
      missing,
      unseen,
      smallest_visible,
    ]),
  );

/** One row for each cell. */
export const cellsCsv = ({ cells }: ColumnView): string =>
  table(
    ['cell', 'baseline_rows', 'baseline', 'rows', 'now'],
    cells.map(({ name, baseline_rows, baseline, rows, now }) => [name, baseline_rows, baseline, rows, now]),
  );
