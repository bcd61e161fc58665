/** How to normalise a text; applied in this order. */
export interface TextForm {
  /** Unicode normal form. */
  readonly form?: 'NFC' | 'NFKC';
  /** Lower case, as Python's `str.lower`. */
  readonly lower?: boolean;
  /** Removes accents, as scikit-learn's `strip_accents_unicode`. */
  readonly strip_accents?: boolean;
  /** Collapses each run of white space to one blank. */
  readonly collapse?: boolean;
  /** Strips white space at both ends, as Python's `str.strip`. */
  readonly trim?: boolean;
}

/** White space by Python's `str.isspace`: unlike `\s`, with the separators of US-ASCII and without U+FEFF. */
const BLANK = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const BLANKS = new RegExp(`${BLANK}+`, 'gu');
const ENDS = new RegExp(`^${BLANK}+|${BLANK}+$`, 'gu');
const MARK = /\p{M}/gu;
/** The mark with the highest combining class: normal forms sort all others before it. */
const LAST_MARK = '\u0345';

/** Whether a mark has a combining class, as Python's `unicodedata.combining`; one without is part of a letter. */
const isCombining = (mark: string): boolean =>
  mark === LAST_MARK || !`${LAST_MARK}${mark}`.normalize('NFD').startsWith(LAST_MARK);

const withoutAccents = (text: string): string =>
  text.normalize('NFKD').replace(MARK, (mark) => (isCombining(mark) ? '' : mark));

/** Compiles a text form. */
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
