import { missingTest } from '../missing-tokens.js';
import type { RawColumn } from '../raw-schema.js';

/** Tests whether a JSON value is one of the column's own missing tokens; other missing tokens count only in CSV. */
export function ownTokens({ missing }: RawColumn): (value: unknown) => boolean {
  if (!missing) return () => false;
  const isMissing = missingTest(missing);
  return (value) => typeof value === 'string' && isMissing(value);
}
