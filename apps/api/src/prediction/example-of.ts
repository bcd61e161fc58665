import { type CellValue, kindOf, type RawColumn } from '#schema';

/** A value of a column that its model answers: the example that it names, or one of its kind. */
export function exampleOf(column: RawColumn): CellValue {
  const kind = kindOf(column);
  return column.example ?? kind.reader(column).toValue(kind.valueAt(column, 0.5));
}
