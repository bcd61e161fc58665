import type { TrainingData } from './data/training-data.js';

/** `rows / (classes * rows of the class)`, as in scikit-learn; a class without rows has weight 0. */
export function balancedWeights({ labels, classes }: TrainingData): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]++;
  return counts.map((count) => (count > 0 ? labels.length / (classes * count) : 0));
}
