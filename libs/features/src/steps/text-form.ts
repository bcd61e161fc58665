/** What to make of a text, in this order. */
export interface TextForm {
  /** The normal form of Unicode. */
  readonly form?: 'NFC' | 'NFKC';
  /** Small letters, as Python's `str.lower`. */
  readonly lower?: boolean;
  /** Letters without their accents, as scikit-learn's `strip_accents_unicode`. */
  readonly strip_accents?: boolean;
  /** One blank for each run of white space. */
  readonly collapse?: boolean;
  /** No white space at both ends, as Python's `str.strip`. */
  readonly trim?: boolean;
}

/** White space as Python's `str.isspace` knows it: other than `\s` with the separators of US-ASCII, without U+FEFF. */
const BLANK = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const BLANKS = new RegExp(`${BLANK}+`, 'gu');
const ENDS = new RegExp(`^${BLANK}+|${BLANK}+$`, 'gu');
const MARK = /\p{M}/gu;
/** The mark of the largest combining class: normal forms sort every other one before it. */
const LAST_MARK = '\u0345';

/** Whether a mark has a combining class, as Python's `unicodedata.combining` tells; those without one are part of a letter. */
const isCombining = (mark: string): boolean =>
  mark === LAST_MARK || !`${LAST_MARK}${mark}`.normalize('NFD').startsWith(LAST_MARK);

const withoutAccents = (text: string): string =>
  text.normalize('NFKD').replace(MARK, (mark) => (isCombining(mark) ? '' : mark));

/** Compiles what makes texts alike. */
export function textNormalizer({ form, lower, strip_accents, collapse, trim }: TextForm): (text: string) => string {
  const parts: ((text: string) => string)[] = [
    ...(form ? [(text: string) => text.normalize(form)] : []),
    ...(lower ? [(text: string) => text.toLowerCase()] : []),
    ...(strip_accents ? [withoutAccents] : []),
    ...(collapse ? [(text: string) => text.replace(BLANKS, ' ')] : []),
    ...(trim ? [(text: string) => text.replace(ENDS, '')] : []),
  ];
  return (text) => parts.reduce((made, part) => part(made), text);
}
