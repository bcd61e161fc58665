import { median, quantiles } from './quantile.js';
import { scaleOf, scalerFlaw } from './scaler.js';
import type { StepDefinition } from './step.js';

/**
 * `(x - center) / scale` of the named columns, in place, by their median and the range between two quantiles, which are
 * robust to outliers (scikit-learn `RobustScaler`).
 */
export interface RobustSpec {
  readonly kind: 'robust';
  readonly columns: readonly string[];
  /** In per cent; `[25, 75]` if not set. */
  readonly quantile_range?: readonly [number, number];
}

export interface RobustStep extends RobustSpec {
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

export const robust: StepDefinition<RobustSpec, RobustStep> = {
  learns: ['center', 'scale'],
  reads: (step) => step.columns,
  writes: (step) => step.columns,
  flaw({ columns, center, scale, quantile_range: [low, high] = [25, 75] }) {
    return low < high ? scalerFlaw(columns, { center, scale }) : 'quantile_range must ascend';
  },
  draft: (step) => ({ ...step, center: step.columns.map(() => 0), scale: step.columns.map(() => 1) }),
  fit(step, column, rows) {
    const [low, high] = step.quantile_range ?? [25, 75];
    const parts = step.columns.map((name) => column(name).subarray(0, rows));
    const ranges = parts.map((values) => {
      const [from, to] = quantiles(values, [low / 100, high / 100]);
      return to - from;
    });
    return { ...step, center: parts.map(median), scale: ranges.map(scaleOf) };
  },
  bind(step, column) {
    const targets = step.columns.map((name, c) => ({
      values: column(name),
      center: step.center[c],
      scale: step.scale[c],
    }));
    return (rows) => {
      for (const { values, center, scale } of targets) {
        for (let i = 0; i < rows; i++) values[i] = (values[i] - center) / scale;
      }
    };
  },
};
