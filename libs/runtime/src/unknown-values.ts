import { type RawSchema, UNKNOWN_CODE, unknownNumber } from '#schema';

/** Counts values outside of the vocabularies, and treats them as missing where that is their column's policy. */
export class UnknownValues {
  private readonly columns: readonly { readonly index: number; readonly name: string; readonly isMissing: boolean }[];

  /** @param count called once with 0 for each column with a vocabulary, then with the numbers of unknown values */
  constructor(
    inputs: RawSchema,
    private readonly count: (column: string, values: number) => void,
  ) {
    this.columns = inputs.flatMap((column, index) =>
      column.type === 'category' || column.type === 'text'
        ? [{ index, name: column.name, isMissing: Number.isNaN(unknownNumber(column)) }]
        : [],
    );
    for (const { name } of this.columns) count(name, 0);
  }

  /** @returns the row for the model */
  inRow(row: readonly number[]): readonly number[] {
    let settled = row;
    for (const { index, name, isMissing } of this.columns) {
      if (row[index] !== UNKNOWN_CODE) continue;
      this.count(name, 1);
      if (isMissing) settled = settled.with(index, NaN);
    }
    return settled;
  }

  /** As {@link inRow}, for the first rows of columns. */
  inColumns(raw: readonly Float64Array[], rows: number): readonly Float64Array[] {
    let settled = raw;
    for (const { index, name, isMissing } of this.columns) {
      const column = raw[index];
      let found = 0;
      for (let i = 0; i < rows; i++) if (column[i] === UNKNOWN_CODE) found++;
      if (found === 0) continue;
      this.count(name, found);
      if (isMissing)
        settled = settled.with(
          index,
          column.map((code) => (code === UNKNOWN_CODE ? NaN : code)),
        );
    }
    return settled;
  }
}
