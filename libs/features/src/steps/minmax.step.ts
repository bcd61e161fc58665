import { scaleOf, scalerFlaw } from './scaler.js';
import type { StepDefinition } from './step.js';

/** Scales the named columns to a range, in place (scikit-learn `MinMaxScaler`). */
export interface MinMaxSpec {
  readonly kind: 'minmax';
  readonly columns: readonly string[];
  /** `[0, 1]` if not set. */
  readonly feature_range?: readonly [number, number];
  /** Whether numbers beyond those of the training rows are clipped to the range. */
  readonly clip?: boolean;
}

export interface MinMaxStep extends MinMaxSpec {
  readonly scale: readonly number[];
  readonly min: readonly number[];
}

/** The smallest and the largest of the values present. */
function extent(values: Float64Array, rows: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < rows; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return low <= high ? [low, high] : [0, 0];
}

export const minmax: StepDefinition<MinMaxSpec, MinMaxStep> = {
  learns: ['scale', 'min'],
  reads: (step) => step.columns,
  writes: (step) => step.columns,
  flaw({ columns, min, scale, feature_range: [low, high] = [0, 1] }) {
    return low < high ? scalerFlaw(columns, { min, scale }) : 'feature_range must ascend';
  },
  draft: (step) => ({ ...step, scale: step.columns.map(() => 1), min: step.columns.map(() => 0) }),
  fit(step, column, rows) {
    const [low, high] = step.feature_range ?? [0, 1];
    const extents = step.columns.map((name) => extent(column(name), rows));
    const scale = extents.map(([least, most]) => (high - low) / scaleOf(most - least));
    return { ...step, scale, min: extents.map(([least], c) => low - least * scale[c]) };
  },
  bind(step, column) {
    const [low, high] = step.clip ? (step.feature_range ?? [0, 1]) : [-Infinity, Infinity];
    const targets = step.columns.map((name, c) => ({ values: column(name), scale: step.scale[c], min: step.min[c] }));
    return (rows) => {
      for (const { values, scale, min } of targets) {
        for (let i = 0; i < rows; i++) {
          const value = values[i] * scale + min;
          values[i] = value < low ? low : value > high ? high : value;
        }
      }
    };
  },
};
