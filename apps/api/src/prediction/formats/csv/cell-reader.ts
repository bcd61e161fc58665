import { type ColumnKind, missingTest, numberFromText } from '#schema';

/**
 * Reads cells of CSV: what their column's kind takes them for, null for a text that stands for no value, else the text as it
 * is. Blanks around a value do not count.
 *
 * @param decimal what stands before the fraction of a number
 * @param missing texts that stand for no value; those of pandas when not given
 */
export function cellReader(
  decimal: '.' | ',',
  missing?: readonly string[],
): (cell: string, fromText: ColumnKind['fromText']) => number | string | null {
  const isMissing = missingTest(missing);
  const mayBeNumeric = missing?.some((token) => numberFromText(token.trim(), decimal) !== undefined) ?? false;
  return (cell, fromText) => {
    const text = cell.trim();
    const value = fromText(text, decimal);
    if (value !== undefined && !(mayBeNumeric && isMissing(text))) return value;
    return isMissing(text) ? null : cell;
  };
}
