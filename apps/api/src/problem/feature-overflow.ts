import type { FeatureOverflowError } from '#bundle';
import { invalidInput } from './invalid-input.js';
import type { Problem } from './problem.js';

/**
 * Reports rows whose features overflow as invalid input: their raw values are too large.
 *
 * @param rowPath path of a row in the body, such as `instances[3]`; empty for a single one
 */
export function featureOverflow({ faults }: FeatureOverflowError, rowPath: (row: number) => string): Problem {
  return invalidInput(
    faults.map(({ row, column, feature, value }) => ({
      path: [rowPath(row), column].filter(Boolean).join('.'),
      expected: `a number for which the feature ${feature} fits in float32 (magnitude at most 3.4028235e38)`,
      received: value,
    })),
  );
}
