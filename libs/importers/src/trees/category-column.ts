import type { FittedPipeline } from '#features';
import type { RawColumn } from '#schema';

/** A raw column, and the steps that turn it into the model's number. */
export interface SourceColumn {
  readonly column: RawColumn;
  readonly steps: FittedPipeline['steps'];
}

/**
 * A categorical column whose codes are the numbers that the model compares.
 *
 * @param unknown how the library treats a value not seen in training
 * @returns undefined where the values are neither all texts nor all numbers, nor false and true
 */
export function categoryColumn(
  name: string,
  values: readonly unknown[],
  unknown: 'error' | 'missing',
): SourceColumn | undefined {
  // The codes of false and true are the numbers behind them.
  if (values.length === 2 && values[0] === false && values[1] === true)
    return { column: { name, type: 'boolean', nullable: true }, steps: [] };
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
