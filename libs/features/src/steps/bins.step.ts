import type { StepDefinition } from './step.js';

/**
 * One-hot bins `(edges[i], edges[i + 1]]` with the first bin dropped: `outputs[i]` is 1 where the value lies in
 * bin `i + 1`, else 0. A value outside all bins, the lowest edge included, is 0 everywhere (pandas `cut` and
 * `get_dummies(drop_first=True)`).
 */
export interface BinsStep {
  readonly kind: 'bins';
  readonly column: string;
  readonly edges: readonly number[];
  readonly outputs: readonly string[];
}

export const bins: StepDefinition<BinsStep> = {
  reads: (step) => [step.column],
  writes: (step) => step.outputs,
  missing: () => 'refuse',
  flaw({ edges, outputs }) {
    if (outputs.length !== edges.length - 2) {
      return `${edges.length} edges make ${edges.length - 1} bins, so ${edges.length - 2} outputs are expected after the first is dropped, not ${outputs.length}`;
    }
    return edges.every((edge, i) => i === 0 || edge > edges[i - 1]) ? undefined : 'edges must ascend';
  },
  fit: (step) => step,
  bind(step, column) {
    const from = column(step.column);
    const bounds = step.outputs.map((output, i) => ({
      low: step.edges[i + 1],
      high: step.edges[i + 2],
      to: column(output),
    }));
    return (rows) => {
      for (const { low, high, to } of bounds) {
        for (let i = 0; i < rows; i++) to[i] = from[i] > low && from[i] <= high ? 1 : 0;
      }
    };
  },
};
