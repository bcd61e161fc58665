import type { ColumnLookup, StepDefinition } from './step.js';

/** Fills missing values (NaN) of a column, in place, with the mean of the present ones. */
export interface ImputeSpec {
  readonly kind: 'impute';
  readonly column: string;
}

export interface ImputeStep extends ImputeSpec {
  readonly value: number;
}

function meanOfPresent(values: Float64Array, rows: number): number {
  let sum = 0;
  let present = 0;
  for (let i = 0; i < rows; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i];
    present++;
  }
  return present === 0 ? 0 : sum / present;
}

export const impute: StepDefinition<ImputeSpec, ImputeStep> = {
  reads: (step) => [step.column],
  writes: (step) => [step.column],
  fit: (step, column: ColumnLookup, rows) => ({ ...step, value: meanOfPresent(column(step.column), rows) }),
  bind(step, column) {
    const values = column(step.column);
    const { value } = step;
    return (rows) => {
      for (let i = 0; i < rows; i++) if (Number.isNaN(values[i])) values[i] = value;
    };
  },
};
