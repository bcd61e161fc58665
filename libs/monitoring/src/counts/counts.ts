import type { Counter } from '../cells/column-plan.js';

/** Rows that arrived in some time, counted by a plan. Counts of processes, hosts and times are merged by adding them. */
export interface Counts {
  readonly rows: number;
  /** Requests that brought them: fewer than rows where clients send batches. */
  readonly calls: number;
  readonly cells: Counter;
}

/** @param counts of one plan */
export function addCounts(counts: readonly Counts[], length: number): Counts & { readonly cells: Float64Array } {
  const cells = new Float64Array(length);
  let [rows, calls] = [0, 0];
  for (const one of counts) {
    rows += one.rows;
    calls += one.calls;
    const own = one.cells;
    for (let i = 0; i < length; i++) cells[i] += own[i];
  }
  return { rows, calls, cells };
}
