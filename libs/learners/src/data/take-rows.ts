import type { TrainingData } from './training-data.js';

/** A copy of some rows, in the given order. */
export function takeRows({ features, labels, classes }: TrainingData, rows: Int32Array): TrainingData {
  return {
    features: features.map((column) => Float32Array.from(rows, (row) => column[row])),
    labels: Int32Array.from(rows, (row) => labels[row]),
    classes,
  };
}
