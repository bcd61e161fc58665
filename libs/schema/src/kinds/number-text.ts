/** Characters of numbers; whether the text is a valid number is left to `Number`. */
const POINT_NUMBER = /^[\d+.eE-]+$/;
const COMMA_NUMBER = /^[\d+,eE-]+$/;

/**
 * @param text trimmed
 * @param decimal the decimal separator
 */
export function numberFromText(text: string, decimal: '.' | ','): number | undefined {
  if (!(decimal === '.' ? POINT_NUMBER : COMMA_NUMBER).test(text)) return undefined;
  const value = Number(decimal === '.' ? text : text.replace(',', '.'));
  return Number.isNaN(value) ? undefined : value;
}

/** SQL that converts a text to a number, null where it is invalid. Excludes 1_000, which only DuckDB accepts. */
export function sqlNumberFromText(text: string, decimal: '.' | ','): string {
  const isForeign = `contains(${text}, '_')${decimal === ',' ? ` OR contains(${text}, '.')` : ''}`;
  const written = decimal === ',' ? `replace(${text}, ',', '.')` : text;
  return `CASE WHEN ${isForeign} THEN NULL ELSE TRY_CAST(${written} AS DOUBLE) END`;
}
