import type { CategoryColumn, TextColumn, VocabularyColumn } from '../raw-schema.js';
import { CODED, codedReader } from './coded-kind.js';
import type { ColumnKind, JsonSchema } from './kind.js';
import { missingTest } from '../missing-tokens.js';
import { orNull } from './or-null.js';
import { areNumbers, policyOf, UNKNOWN_CODE, vocabularyCode } from './vocabulary.js';

/** Number of values that a message lists. */
const SHOWN = 10;
/** Longest list of values in documentation. */
const LISTED = 100;

function expectation(column: VocabularyColumn): string {
  const { values = [] } = column;
  const noun = areNumbers(column) ? 'number' : 'text';
  if (policyOf(column) !== 'error' || values.length === 0) return orNull(`a ${noun}`, column);
  const shown = values
    .slice(0, SHOWN)
    .map((value) => JSON.stringify(value))
    .join(', ');
  const list = values.length > SHOWN ? `${values.length} ${noun}s, such as ${shown}` : shown;
  return orNull(`one of ${list}`, column);
}

function flaw(column: VocabularyColumn): string | undefined {
  const { name, values = [], missing, nullable } = column;
  if (policyOf(column) === 'missing' && !nullable) {
    return `"${name}" takes unknown values for missing ones, but is not nullable`;
  }
  const isMissing = missingTest(missing ?? []);
  const both = values.find((value) => isMissing(String(value)));
  return both === undefined
    ? undefined
    : `"${name}" has ${JSON.stringify(both)} among its values and stands it for missing; it is one or the other`;
}

function jsonSchema(column: VocabularyColumn): JsonSchema {
  const { values, nullable, description, example } = column;
  const isClosed = policyOf(column) === 'error' && values !== undefined && values.length <= LISTED;
  return {
    type: areNumbers(column) ? 'number' : 'string',
    ...(isClosed && { enum: [...values, ...(nullable ? [null] : [])] }),
    nullable,
    description,
    example: example ?? values?.[0],
  };
}

/** A kind whose numbers are indices of a vocabulary. */
const VOCABULARY: Omit<ColumnKind<VocabularyColumn>, 'misfit'> = {
  ...CODED,
  datatype: 'BYTES',
  expectation,
  flaw,
  limits: (column) => ({
    minimum: policyOf(column) === 'error' ? 0 : UNKNOWN_CODE,
    maximum: (column.values?.length ?? 0) - 1,
    isWhole: true,
    nullable: column.nullable,
  }),
  jsonSchema,
  reader: (column, options = {}) => codedReader(column, expectation(column), vocabularyCode(column, options), options),
  valueAt: ({ values = [] }, share) => Math.min(Math.floor(share * values.length), values.length - 1),
};

/** One of a set of values. */
export const categoryKind: ColumnKind<CategoryColumn> = { ...VOCABULARY, misfit: 'not one of its values' };

/** Any text; the vocabulary contains the values that the model's steps know. */
export const textKind: ColumnKind<TextColumn> = { ...VOCABULARY, misfit: 'not a text that is known' };
