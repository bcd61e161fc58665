/** A dictionary-encoded column: each distinct value is read once. */
export class DictionaryColumn {
  /** @param places index of each row's value in the list; -1 for null */
  constructor(
    readonly values: readonly unknown[],
    readonly places: Int32Array,
  ) {}

  get length(): number {
    return this.places.length;
  }

  at(row: number): unknown {
    return this.places[row] < 0 ? null : this.values[this.places[row]];
  }
}

/** A column of a batch; values may be of any type. */
export type Column = ArrayLike<unknown> | DictionaryColumn;

export const valueAt = (column: Column, row: number): unknown =>
  column instanceof DictionaryColumn ? column.at(row) : column[row];
