import type { StepDefinition } from './step.js';

/** LightGBM's `kZeroThreshold`, a float32: numbers at most this far from 0 count as 0. */
const NEAR_ZERO = Math.fround(1e-35);

/** Zero becomes a missing value, as by LightGBM's `zero_as_missing`. */
export interface ZeroToMissingStep {
  readonly kind: 'zero_to_missing';
  readonly column: string;
  /** In place if not set. */
  readonly output?: string;
}

export const zeroToMissing: StepDefinition<ZeroToMissingStep> = {
  reads: (step) => [step.column],
  writes: (step) => [step.output ?? step.column],
  missing: () => 'make',
  fit: (step) => step,
  bind(step, column) {
    const from = column(step.column);
    const to = column(step.output ?? step.column);
    return (rows) => {
      for (let i = 0; i < rows; i++) to[i] = Math.abs(from[i]) <= NEAR_ZERO ? NaN : from[i];
    };
  },
};
