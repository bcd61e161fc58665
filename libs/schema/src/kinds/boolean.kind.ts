import type { BooleanColumn } from '../raw-schema.js';
import { type Code, CODED, codedReader } from './coded-kind.js';
import type { ColumnKind } from './kind.js';
import { orNull } from './or-null.js';

/** The spellings in CSV, as JavaScript, Python, R and SQL write them. */
const TEXTS: ReadonlyMap<string, boolean> = new Map(
  ['true', 'True', 'TRUE', '1', 'false', 'False', 'FALSE', '0'].map((text, i) => [text, i < 4]),
);

const CODE: Code = {
  numberOf: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  valueOf: (text) => TEXTS.get(text.trim()),
  toValue: (number) => number === 1,
};

const expectation = (column: BooleanColumn): string => orNull('true or false', column);

/** Booleans: true is 1, false 0. */
export const booleanKind: ColumnKind<BooleanColumn> = {
  ...CODED,
  datatype: 'BOOL',
  misfit: 'neither true nor false',
  expectation,
  flaw: () => undefined,
  limits: ({ nullable }) => ({ minimum: 0, maximum: 1, isWhole: true, nullable }),
  jsonSchema: ({ nullable, description, example }) => ({ type: 'boolean', nullable, description, example }),
  reader: (column, options = {}) => codedReader(column, expectation(column), CODE, options),
  valueAt: (_, share) => Math.round(share),
};
