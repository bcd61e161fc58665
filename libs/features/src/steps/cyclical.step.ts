import type { StepDefinition } from './step.js';

/** A periodic number, such as an hour, as a point on a circle: `sin(x / period * 2 pi)` and the cosine of it. */
export interface CyclicalStep {
  readonly kind: 'cyclical';
  readonly column: string;
  /** Prefix of `_sin` and `_cos`; the column's name if not set. */
  readonly output?: string;
  /** The period: 12 for months, 7 for weekdays, 24 for hours. */
  readonly period: number;
}

const outputsOf = ({ column, output = column }: CyclicalStep): string[] => [`${output}_sin`, `${output}_cos`];

export const cyclical: StepDefinition<CyclicalStep> = {
  reads: (step) => [step.column],
  writes: outputsOf,
  group: (step) => step.output ?? step.column,
  fit: (step) => step,
  bind(step, column) {
    const from = column(step.column);
    const [sine, cosine] = outputsOf(step).map(column);
    const { period } = step;
    return (rows) => {
      for (let i = 0; i < rows; i++) {
        const angle = (from[i] / period) * 2 * Math.PI;
        sine[i] = Math.sin(angle);
        cosine[i] = Math.cos(angle);
      }
    };
  },
};
