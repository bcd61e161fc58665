import type { ColumnPlan } from '../cells/column-plan.js';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import type { CellCount } from '../store/monitor-store.js';
import type { Counts } from './counts.js';

/** The store's name for two cells: rows, and the calls that brought them. */
const ROWS = '=rows';

/** The name of a column in the store, escaped so that no input collides with the score, the class or the rows. */
function keyOf({ name, role }: ColumnPlan): string {
  if (role !== 'input') return `=${role}`;
  return name.startsWith('=') ? `=${name}` : name;
}

/** Converts counts to the store's form: one record for each column of the plan. */
export function toCellCounts(
  plan: MonitorPlan,
  of: Pick<CellCount, 'model' | 'version' | 'time'>,
  { rows, calls, cells }: Counts,
): CellCount[] {
  const { model, version, time } = of;
  return [
    { model, version, column: ROWS, time, cells: [rows, calls] },
    ...plan.columns.map((column, c) => ({
      model,
      version,
      column: keyOf(column),
      time,
      cells: [...cells.slice(plan.offsets[c], plan.offsets[c] + column.cells)],
    })),
  ];
}

/** Converts one version's stored records to counts, by their time. */
export function fromCellCounts(plan: MonitorPlan, stored: readonly CellCount[]): Map<number, Counts> {
  const places = new Map(plan.columns.map((column, c) => [keyOf(column), c]));
  const counts = new Map<number, { rows: number; calls: number; readonly cells: Float64Array }>();
  for (const { column, time, cells } of stored) {
    let found = counts.get(time);
    if (!found) counts.set(time, (found = { rows: 0, calls: 0, cells: new Float64Array(plan.length) }));
    if (column === ROWS) {
      found.rows += cells[0];
      found.calls += cells[1];
      continue;
    }
    const place = places.get(column);
    // A previous plan may have had columns of other cells.
    if (place === undefined || cells.length > plan.columns[place].cells) continue;
    for (let i = 0; i < cells.length; i++) found.cells[plan.offsets[place] + i] += cells[i];
  }
  return counts;
}
