import type { RawColumn } from '#schema';

/** The values that codes stand for, by code. */
export type Vocabulary = readonly (string | number)[];

/**
 * What the float64 of a column are: numbers, points in time (microseconds since 1970, UTC), or codes of a vocabulary. NaN is
 * no value, whatever they are; the code of a value that the vocabulary does not hold is -1.
 */
export type Content = 'numbers' | 'date' | 'datetime' | Vocabulary;

export type ContentLookup = (name: string) => Content;

/** What a raw column holds; the vocabulary of one whose values are still to be learnt is empty. */
export function contentOf(column: RawColumn): Content {
  if (column.type === 'category' || column.type === 'text') return column.values ?? [];
  return column.type === 'date' || column.type === 'datetime' ? column.type : 'numbers';
}

export const isVocabulary = (content: Content): content is Vocabulary => typeof content !== 'string';

/** What a column holds, in words. */
export function contentInWords(content: Content): string {
  if (isVocabulary(content)) return 'categories';
  return content === 'numbers' ? 'numbers' : 'points in time';
}
