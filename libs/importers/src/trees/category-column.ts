import type { FittedPipeline } from '#features';
import type { RawColumn } from '#schema';

/** A raw column, and the steps that make the model's number of it. */
export interface SourceColumn {
  readonly column: RawColumn;
  readonly steps: FittedPipeline['steps'];
}

/**
 * A column of categories whose places are the numbers that the model asks for.
 *
 * @param unknown what the library does with a value that it did not see in training
 * @returns nothing where the values are neither all texts nor all numbers
 */
export function categoryColumn(
  name: string,
  values: readonly unknown[],
  unknown: 'error' | 'missing',
): SourceColumn | undefined {
  const [isText, isNumber] = [
    values.every((value) => typeof value === 'string'),
    values.every((value) => typeof value === 'number' && Number.isFinite(value)),
  ];
  if (values.length === 0 || !(isText || isNumber) || new Set(values).size < values.length) return undefined;
  const own = values as readonly (string | number)[];
  return {
    column: { name, type: 'category', codes: isText ? 'text' : 'number', values: own, unknown, nullable: true },
    steps: [{ kind: 'ordinal', column: name, categories: own, unknown_value: null }],
  };
}
