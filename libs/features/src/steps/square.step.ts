import type { StepDefinition } from './step.js';

/** `output = column * column`. */
export interface SquareStep {
  readonly kind: 'square';
  readonly column: string;
  readonly output: string;
}

export const square: StepDefinition<SquareStep> = {
  reads: (step) => [step.column],
  writes: (step) => [step.output],
  fit: (step) => step,
  bind(step, column) {
    const from = column(step.column);
    const to = column(step.output);
    return (rows) => {
      for (let i = 0; i < rows; i++) to[i] = from[i] * from[i];
    };
  },
};
