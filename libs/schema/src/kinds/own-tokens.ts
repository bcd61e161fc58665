import { missingTest } from '../missing-tokens.js';
import type { RawColumn } from '../raw-schema.js';

/** Whether a value of JSON is a text that stands for no value in this column: only its own do so outside of CSV. */
export function ownTokens({ missing }: RawColumn): (value: unknown) => boolean {
  if (!missing) return () => false;
  const isMissing = missingTest(missing);
  return (value) => typeof value === 'string' && isMissing(value);
}
