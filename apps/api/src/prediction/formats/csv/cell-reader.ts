import { missingTest } from '#schema';

/** What a number is made of; whether it is one, Number tells, in one pass. */
const POINT_NUMBER = /^[\d+.eE-]+$/;
const COMMA_NUMBER = /^[\d+,eE-]+$/;

/**
 * Reads cells of CSV: a number, null for a text that stands for no value, else the text as it is. Blanks around a number
 * do not count.
 *
 * @param decimal what stands before the fraction of a number
 * @param missing texts that stand for no value; those of pandas when not given
 */
export function cellReader(decimal: '.' | ',', missing?: readonly string[]): (cell: string) => number | string | null {
  const isMissing = missingTest(missing);
  const isNumeric = (text: string): boolean => (decimal === '.' ? POINT_NUMBER : COMMA_NUMBER).test(text);
  const mayBeNumeric = missing?.some((token) => isNumeric(token.trim())) ?? false;
  return (cell) => {
    const text = cell.trim();
    if (isNumeric(text) && !(mayBeNumeric && isMissing(text))) {
      const value = Number(decimal === '.' ? text : text.replace(',', '.'));
      if (!Number.isNaN(value)) return value;
    }
    return isMissing(text) ? null : cell;
  };
}
