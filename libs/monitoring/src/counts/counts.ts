import type { Counter } from '../cells/column-plan.js';

/** Rows of a period, counted by a plan. Counts of processes, hosts and periods are merged by adding them. */
export interface Counts {
  readonly rows: number;
  /** Number of requests: fewer than rows where clients send batches. */
  readonly calls: number;
  readonly cells: Counter;
}

/** @param counts all of the same plan, whose length is `length` */
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
