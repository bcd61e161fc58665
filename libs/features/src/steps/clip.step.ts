import { quantiles } from './quantile.js';
import type { StepDefinition } from './step.js';

/** Clips numbers to a range (numpy `clip`), given or learnt as quantiles; a missing value stays missing. */
export interface ClipSpec {
  readonly kind: 'clip';
  readonly column: string;
  /** In place if not set. */
  readonly output?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Learns both ends as these quantiles of the training rows, from 0 to 1. */
  readonly quantiles?: readonly [number, number];
}

export const clip: StepDefinition<ClipSpec> = {
  learns: [],
  reads: (step) => [step.column],
  writes: (step) => [step.output ?? step.column],
  flaw({ minimum, maximum, quantiles: shares }) {
    if (minimum === undefined && maximum === undefined) return 'set minimum, maximum or quantiles';
    if (shares && !(shares[0] < shares[1])) return 'quantiles must ascend';
    return minimum !== undefined && maximum !== undefined && minimum > maximum
      ? 'the minimum is above the maximum'
      : undefined;
  },
  draft: (step) => (step.quantiles ? { ...step, minimum: 0, maximum: 0 } : step),
  fit(step, column, rows) {
    if (!step.quantiles) return step;
    const [minimum, maximum] = quantiles(column(step.column).subarray(0, rows), step.quantiles);
    return { ...step, minimum, maximum };
  },
  bind({ column: name, output = name, minimum = -Infinity, maximum = Infinity }, column) {
    const from = column(name);
    const to = column(output);
    return (rows) => {
      for (let i = 0; i < rows; i++) {
        const value = from[i];
        to[i] = value < minimum ? minimum : value > maximum ? maximum : value;
      }
    };
  },
};
