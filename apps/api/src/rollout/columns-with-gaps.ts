import type { AnsweredRows, ServedModel } from '#runtime';

/** Each column of a version, and whether any of these rows has a missing value in it, or one unknown to the version. */
export function columnsWithGaps(
  inputs: ServedModel['inputs'],
  { asked, start, rows }: Pick<AnsweredRows, 'asked' | 'start' | 'rows'>,
): (readonly [name: string, hasGap: boolean])[] {
  return inputs.map((input, column) => {
    const hasCodes = 'values' in input && input.values !== undefined;
    let hasGap = false;
    for (let row = start; row < start + rows && !hasGap; row++) {
      const value = 'columns' in asked ? asked.columns[column][row] : asked.rows[row][column];
      // A negative code means a value outside the vocabulary.
      hasGap = Number.isNaN(value) || (hasCodes && value < 0);
    }
    return [input.name, hasGap] as const;
  });
}
