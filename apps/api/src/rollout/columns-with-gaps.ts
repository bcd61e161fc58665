import type { AnsweredRows, ServedModel } from '#runtime';

/** Each column of a version, and whether a value of it was missing, or not known to the version, in any of these rows. */
export function columnsWithGaps(
  inputs: ServedModel['inputs'],
  { asked, start, rows }: Pick<AnsweredRows, 'asked' | 'start' | 'rows'>,
): (readonly [name: string, hasGap: boolean])[] {
  return inputs.map((input, column) => {
    const hasCodes = 'values' in input && input.values !== undefined;
    let hasGap = false;
    for (let row = start; row < start + rows && !hasGap; row++) {
      const value = 'columns' in asked ? asked.columns[column][row] : asked.rows[row][column];
      // A code is never negative but where the vocabulary does not hold the value.
      hasGap = Number.isNaN(value) || (hasCodes && value < 0);
    }
    return [input.name, hasGap] as const;
  });
}
