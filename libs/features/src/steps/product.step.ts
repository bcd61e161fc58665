import type { StepDefinition } from './step.js';

/** `output = left * right`. */
export interface ProductStep {
  readonly kind: 'product';
  readonly left: string;
  readonly right: string;
  readonly output: string;
}

export const product: StepDefinition<ProductStep> = {
  reads: (step) => [step.left, step.right],
  writes: (step) => [step.output],
  fit: (step) => step,
  bind(step, column) {
    const left = column(step.left);
    const right = column(step.right);
    const to = column(step.output);
    return (rows) => {
      for (let i = 0; i < rows; i++) to[i] = left[i] * right[i];
    };
  },
};
