import type { FeatureOverflowError } from '#registry';
import { invalidInput } from './invalid-input.js';
import type { Problem } from './problem.js';

/** Words rows whose features overflow as what they are: raw values that are too large. */
export function featureOverflow({ faults }: FeatureOverflowError, path: string): Problem {
  const isBatch = path.startsWith('/predict/batch');
  return invalidInput(
    faults.map(({ row, column, feature, value }) => ({
      path: isBatch ? `instances[${row}].${column}` : column,
      expected: `a number for which the feature ${feature} is a finite float32 (at most 3.4028235e38 in size)`,
      received: value,
    })),
  );
}
