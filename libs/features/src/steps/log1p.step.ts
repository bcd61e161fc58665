import type { StepDefinition } from './step.js';

/** `output = ln(1 + column)`, accurate near zero (C99 `log1p`). */
export interface Log1pStep {
  readonly kind: 'log1p';
  readonly column: string;
  readonly output: string;
}

export const log1p: StepDefinition<Log1pStep> = {
  reads: (step) => [step.column],
  writes: (step) => [step.output],
  fit: (step) => step,
  bind(step, column) {
    const from = column(step.column);
    const to = column(step.output);
    return (rows) => {
      for (let i = 0; i < rows; i++) to[i] = Math.log1p(from[i]);
    };
  },
};
