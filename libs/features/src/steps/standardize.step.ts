import type { StepDefinition } from './step.js';

/** `(x - mean) / scale` of the named columns, in place; all other columns stay as they are. */
export interface StandardizeSpec {
  readonly kind: 'standardize';
  readonly columns: readonly string[];
}

export interface StandardizeStep extends StandardizeSpec {
  readonly mean: readonly number[];
  /** Population standard deviation; 1 for a constant column (scikit-learn `StandardScaler`). */
  readonly scale: readonly number[];
}

/**
 * Mean and scale of the values present. Two passes, as the textbook sum of squares loses every digit where the mean is
 * large. A variance of 0 within rounding is that of a constant column (scikit-learn `_is_constant_feature`; Chan, Golub
 * and LeVeque 1983).
 */
function moments(values: Float64Array, rows: number): { mean: number; scale: number } {
  const present = values.subarray(0, rows).filter((value) => !Number.isNaN(value));
  const count = present.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += present[i];
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (present[i] - mean) ** 2;
  const variance = count === 0 ? 0 : squares / count;
  const isConstant = variance <= count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
  return { mean, scale: isConstant ? 1 : Math.sqrt(variance) };
}

export const standardize: StepDefinition<StandardizeSpec, StandardizeStep> = {
  learns: ['mean', 'scale'],
  reads: (step) => step.columns,
  writes: (step) => step.columns,
  flaw({ columns, mean, scale }) {
    if (mean.length !== columns.length || scale.length !== columns.length) {
      return `${columns.length} columns need as many means and scales, not ${mean.length} and ${scale.length}`;
    }
    if (new Set(columns).size !== columns.length) return 'a column is named twice';
    if (!mean.every(Number.isFinite)) return 'every mean must be a finite number';
    return scale.every((value) => value > 0) ? undefined : 'every scale must be above 0';
  },
  draft: (step) => ({ ...step, mean: step.columns.map(() => 0), scale: step.columns.map(() => 1) }),
  fit(step, column, rows) {
    const fitted = step.columns.map((name) => moments(column(name), rows));
    return { ...step, mean: fitted.map(({ mean }) => mean), scale: fitted.map(({ scale }) => scale) };
  },
  bind(step, column) {
    const targets = step.columns.map((name, i) => ({
      values: column(name),
      mean: step.mean[i],
      scale: step.scale[i],
    }));
    return (rows) => {
      for (const { values, mean, scale } of targets) {
        for (let i = 0; i < rows; i++) values[i] = (values[i] - mean) / scale;
      }
    };
  },
};
