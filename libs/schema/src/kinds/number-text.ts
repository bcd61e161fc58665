/** What a number is made of; whether it is one, Number tells, in one pass. */
const POINT_NUMBER = /^[\d+.eE-]+$/;
const COMMA_NUMBER = /^[\d+,eE-]+$/;

/**
 * @param text without blanks around it
 * @param decimal what stands before the fraction
 */
export function numberFromText(text: string, decimal: '.' | ','): number | undefined {
  if (!(decimal === '.' ? POINT_NUMBER : COMMA_NUMBER).test(text)) return undefined;
  const value = Number(decimal === '.' ? text : text.replace(',', '.'));
  return Number.isNaN(value) ? undefined : value;
}

/** Text as a number in SQL, null where it is none; DuckDB also takes 1_000 for one, which nothing else reads. */
export function sqlNumberFromText(text: string, decimal: '.' | ','): string {
  const isForeign = `contains(${text}, '_')${decimal === ',' ? ` OR contains(${text}, '.')` : ''}`;
  const written = decimal === ',' ? `replace(${text}, ',', '.')` : text;
  return `CASE WHEN ${isForeign} THEN NULL ELSE TRY_CAST(${written} AS DOUBLE) END`;
}
