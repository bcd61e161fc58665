import { missingTest } from '../missing-tokens.js';
import type { CellValue, UnknownPolicy, VocabularyColumn } from '../raw-schema.js';
import { byCodePoint } from './code-points.js';
import type { Code } from './coded-kind.js';
import type { Decimal, ReaderOptions } from './kind.js';
import { numberFromText } from './number-text.js';
import { textPlaces } from './text-places.js';

/** The code of values outside of the vocabulary, where the policy is `other`. */
export const UNKNOWN_CODE = -1;

export const policyOf = ({ type, unknown }: VocabularyColumn): UnknownPolicy =>
  unknown ?? (type === 'text' ? 'other' : 'error');

/** The number of values outside of the vocabulary: NaN where they count as missing, undefined where they are rejected. */
export function unknownNumber(column: VocabularyColumn): number | undefined {
  const policy = policyOf(column);
  if (policy === 'error') return undefined;
  return policy === 'missing' ? NaN : UNKNOWN_CODE;
}

export const areNumbers = (column: VocabularyColumn): boolean =>
  column.type === 'category' && column.codes === 'number';

/** Converts a JSON value to a number: 5, 5.0, "5" and "5.0" are equal. */
function asNumber(value: unknown, decimal: Decimal = '.'): number | undefined {
  const number = typeof value === 'string' ? numberFromText(value, decimal) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Finds a value outside of the vocabulary. */
function unknownValue(values: ReadonlySet<CellValue>, isNumber: boolean): CellValue {
  if (isNumber) {
    let number = 0;
    while (values.has(number)) number++;
    return number;
  }
  let text = 'other';
  while (values.has(text)) text += '_';
  return text;
}

/** The mapping between the values of a column and their indices in its vocabulary. */
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
    toValue: (code) => (code === UNKNOWN_CODE ? unknownValue(new Set(values), isNumber) : values[code]),
  };
}

/**
 * Adds a vocabulary that is learnt from texts of CSV cells: texts by code point, numbers ascending, without invalid and missing
 * values. A column with given values is returned as it is.
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
