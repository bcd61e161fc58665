import type { StepDefinition } from './step.js';

/** `output = numerator / (denominator + offset)`. */
export interface RatioStep {
  readonly kind: 'ratio';
  readonly numerator: string;
  readonly denominator: string;
  readonly offset: number;
  readonly output: string;
}

export const ratio: StepDefinition<RatioStep> = {
  reads: (step) => [step.numerator, step.denominator],
  writes: (step) => [step.output],
  fit: (step) => step,
  bind(step, column) {
    const numerator = column(step.numerator);
    const denominator = column(step.denominator);
    const to = column(step.output);
    const { offset } = step;
    return (rows) => {
      for (let i = 0; i < rows; i++) to[i] = numerator[i] / (denominator[i] + offset);
    };
  },
};
