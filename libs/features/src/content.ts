import type { RawColumn } from '#schema';

/** The values that codes stand for, indexed by code. */
export type Vocabulary = readonly (string | number)[];

/**
 * What the float64 values of a column mean: numbers, dates or times (microseconds since 1970, UTC), or codes of a
 * vocabulary. NaN is always a missing value; the code -1 is a value outside the vocabulary.
 */
export type Content = 'numbers' | 'date' | 'datetime' | Vocabulary;

export type ContentLookup = (name: string) => Content;

/** The content of a raw column; its vocabulary is empty where the values are still to be learnt. */
export function contentOf(column: RawColumn): Content {
  if (column.type === 'category' || column.type === 'text') return column.values ?? [];
  return column.type === 'date' || column.type === 'datetime' ? column.type : 'numbers';
}

export const isVocabulary = (content: Content): content is Vocabulary => typeof content !== 'string';

/** Describes a content in words. */
export function contentInWords(content: Content): string {
  if (isVocabulary(content)) return 'categories';
  return content === 'numbers' ? 'numbers' : 'dates or times';
}
