/**
 * Texts that mean a missing value in CSV, in training and in serving: those of pandas (`STR_NA_VALUES` in
 * pandas/_libs/parsers.pyx). Surrounding blanks are ignored, so a blank cell is missing too.
 */
export const MISSING_TOKENS: readonly string[] =
  ',#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null'.split(',');

/** The missing tokens of columns of texts or labels, where "None" may be a value: no damage, no car, nobody. */
export const MISSING_WORDS = MISSING_TOKENS.filter((token) => token !== 'None');

/** Creates a test for missing tokens; case-sensitive, ignoring surrounding blanks. */
export function missingTest(tokens: readonly string[] = MISSING_TOKENS): (text: string) => boolean {
  const known = new Set(tokens.map((token) => token.trim()));
  return (text) => known.has(text.trim());
}
