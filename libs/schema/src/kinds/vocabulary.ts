import { missingTest } from '../missing-tokens.js';
import type { CellValue, UnknownPolicy, VocabularyColumn } from '../raw-schema.js';
import { byCodePoint } from './code-points.js';
import type { Code } from './coded-kind.js';
import type { Decimal, ReaderOptions } from './kind.js';
import { numberFromText } from './number-text.js';
import { textPlaces } from './text-places.js';

/** Behind a value that the vocabulary does not hold, where the policy is `other`. */
export const UNKNOWN_CODE = -1;

export const policyOf = ({ type, unknown }: VocabularyColumn): UnknownPolicy =>
  unknown ?? (type === 'text' ? 'other' : 'error');

/** The number behind a value that the vocabulary does not hold, NaN where it counts as none; undefined where it is refused. */
export function unknownNumber(column: VocabularyColumn): number | undefined {
  const policy = policyOf(column);
  if (policy === 'error') return undefined;
  return policy === 'missing' ? NaN : UNKNOWN_CODE;
}

export const areNumbers = (column: VocabularyColumn): boolean =>
  column.type === 'category' && column.codes === 'number';

/** The number that a value of JSON stands for: 5, 5.0, "5" and "5.0" are one. */
function asNumber(value: unknown, decimal: Decimal = '.'): number | undefined {
  const number = typeof value === 'string' ? numberFromText(value, decimal) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A value that the vocabulary does not hold. */
function unlike(values: ReadonlySet<CellValue>, isNumber: boolean): CellValue {
  if (isNumber) {
    let number = 0;
    while (values.has(number)) number++;
    return number;
  }
  let text = 'other';
  while (values.has(text)) text += '_';
  return text;
}

/** How the values of a column come to their places in its vocabulary. */
export function vocabularyCode(
  column: VocabularyColumn,
  { normalize, marksUnknown }: Pick<ReaderOptions, 'normalize' | 'marksUnknown'>,
): Code {
  const { values = [] } = column;
  const isNumber = areNumbers(column);
  const settled = unknownNumber(column);
  const unknown = settled !== undefined && marksUnknown ? UNKNOWN_CODE : settled;
  const numbers = new Map(isNumber ? values.map((value, code) => [value, code]) : []);
  const codeOfText = textPlaces(isNumber ? [] : (values as readonly string[]));
  const textOf = (value: unknown): string | undefined => {
    if (typeof value !== 'string') return undefined;
    return normalize ? normalize(value) : value;
  };
  const keyOf: (value: unknown) => CellValue | undefined = isNumber ? (value) => asNumber(value) : textOf;
  const known: Code['known'] = isNumber
    ? (value) => numbers.get(asNumber(value)!)
    : (value) => {
        const text = textOf(value);
        return text === undefined ? undefined : codeOfText(text);
      };
  return {
    known,
    numberOf: (value) => (keyOf(value) === undefined ? undefined : (known(value) ?? unknown)),
    valueOf: (text, decimal) => (isNumber ? asNumber(text.trim(), decimal) : text),
    toValue: (code) => (code === UNKNOWN_CODE ? unlike(new Set(values), isNumber) : values[code]),
  };
}

/**
 * A column with the vocabulary of some texts, as they stand in CSV: those that are given stay, else it is learnt, texts by
 * code point, numbers ascending. What is no value of the column is left out.
 */
export function withVocabulary(
  column: VocabularyColumn,
  texts: Iterable<string>,
  { missing, normalize, decimal }: Pick<ReaderOptions, 'missing' | 'normalize'> & { readonly decimal?: Decimal } = {},
): VocabularyColumn {
  if (column.values) return column;
  const isMissing = missingTest(column.missing ?? missing);
  const found = new Set<string>();
  for (const text of texts) if (!isMissing(text)) found.add(text);
  if (areNumbers(column)) {
    const numbers = new Set([...found].flatMap((text) => asNumber(text.trim(), decimal) ?? []));
    return { ...column, values: [...numbers].sort((a, b) => a - b) } as VocabularyColumn;
  }
  const normal = normalize ? new Set([...found].map(normalize)) : found;
  return { ...column, values: [...normal].sort(byCodePoint) };
}
