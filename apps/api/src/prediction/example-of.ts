import { type CellValue, kindOf, type RawColumn } from '#schema';

/** A valid value of a column: its declared example, or one of its kind. */
export function exampleOf(column: RawColumn): CellValue {
  const kind = kindOf(column);
  return column.example ?? kind.reader(column).toValue(kind.valueAt(column, 0.5));
}
