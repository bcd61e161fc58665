import type { ColumnPlan } from '../cells/column-plan.js';
import { numberText } from '../drift/words.js';

/** One cell of a column, and its counts in the reference and in the window. Shares are 0 to 1. */
export interface CellReport {
  /** "missing", "up to 3.1", "never seen", a value as JSON. */
  readonly name: string;
  readonly baseline_rows: number;
  readonly baseline: number;
  readonly rows: number;
  readonly now: number;
}

function namesOf({ bins, splits }: ColumnPlan): string[] {
  if (bins.kind === 'values') return ['missing', '', ...bins.values, 'never seen'];
  const { minimum, uppers } = bins;
  if (uppers.length === 0) return ['missing', splits.length === 1 ? 'present' : '', ''];
  const inside = uppers.map((upper, bin) => {
    const low = bin === 0 ? minimum : uppers[bin - 1];
    return bin === 0 && low === upper ? numberText(upper) : `${numberText(low)} to ${numberText(upper)}`;
  });
  return ['missing', `below ${numberText(minimum)}`, ...inside, `above ${numberText(uppers[uppers.length - 1])}`];
}

/** The cells that rows can fall into, in the order of their values. */
export function cellsOf(column: ColumnPlan, reference: Float64Array, now: Float64Array): CellReport[] {
  const sum = (cells: Float64Array): number =>
    Math.max(
      1,
      cells.reduce((all, count) => all + count, 0),
    );
  const rows = { reference: sum(reference), now: sum(now) };
  return namesOf(column).flatMap((name, cell) =>
    name === ''
      ? []
      : {
          name,
          baseline_rows: reference[cell],
          baseline: reference[cell] / rows.reference,
          rows: now[cell],
          now: now[cell] / rows.now,
        },
  );
}
