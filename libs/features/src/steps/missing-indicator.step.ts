import type { StepDefinition } from './step.js';

/** 1 where a column's value is missing, else 0 (scikit-learn `MissingIndicator`). */
export interface MissingIndicatorSpec {
  readonly kind: 'missing_indicator';
  readonly column: string;
  /** `missingindicator_<column>` if not set. */
  readonly output?: string;
  /** With `all`, also a column without missing training values gets an indicator; `missing-only` if not set. */
  readonly features?: 'missing-only' | 'all';
}

export interface MissingIndicatorStep extends MissingIndicatorSpec {
  /** The name of the new column; none where no training row has a missing value. */
  readonly outputs: readonly string[];
}

const nameOf = ({ column, output }: MissingIndicatorSpec): string => output ?? `missingindicator_${column}`;

export const missingIndicator: StepDefinition<MissingIndicatorSpec, MissingIndicatorStep> = {
  learns: ['outputs'],
  reads: (step) => [step.column],
  writes: (step) => step.outputs,
  group: nameOf,
  objection: () => undefined,
  missing: () => 'fill',
  flaw: ({ outputs }) => (outputs.length > 1 ? 'a column has one indicator' : undefined),
  draft: (step) => ({ ...step, outputs: [nameOf(step)] }),
  fit(step, column, rows) {
    const hasGap = column(step.column).subarray(0, rows).some(Number.isNaN);
    return { ...step, outputs: hasGap || step.features === 'all' ? [nameOf(step)] : [] };
  },
  bind(step, column) {
    const from = column(step.column);
    const outputs = step.outputs.map(column);
    return (rows) => {
      for (const to of outputs) for (let i = 0; i < rows; i++) to[i] = Number.isNaN(from[i]) ? 1 : 0;
    };
  },
};
