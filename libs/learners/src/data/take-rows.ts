import type { RegressionData, TrainingData } from './training-data.js';

/** A copy of some rows, in the given order. */
export function takeRows<Data extends TrainingData | RegressionData>(data: Data, rows: Int32Array): Data {
  return {
    ...data,
    features: data.features.map((column) => Float32Array.from(rows, (row) => column[row])),
    ...('targets' in data
      ? { targets: Float64Array.from(rows, (row) => data.targets[row]) }
      : { labels: Int32Array.from(rows, (row) => data.labels[row]) }),
  };
}
