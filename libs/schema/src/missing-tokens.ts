/**
 * Texts that stand for no value in CSV, in training and in serving: those of pandas (`STR_NA_VALUES` in
 * pandas/_libs/parsers.pyx). Blanks around them do not count, so that a blank cell is one of them.
 */
export const MISSING_TOKENS: readonly string[] =
  ',#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null'.split(',');

/** Those of a column of texts or labels, of which "None" is as good as any other: no damage, no car, nobody. */
export const MISSING_WORDS = MISSING_TOKENS.filter((token) => token !== 'None');

/** Whether a cell's text stands for no value; as written, blanks around it aside. */
export function missingTest(tokens: readonly string[] = MISSING_TOKENS): (text: string) => boolean {
  const known = new Set(tokens.map((token) => token.trim()));
  return (text) => known.has(text.trim());
}
