import type { ColumnType, RawColumn } from '../raw-schema.js';
import { booleanKind } from './boolean.kind.js';
import { integerKind } from './integer.kind.js';
import type { ColumnKind } from './kind.js';
import { numberKind } from './number.kind.js';
import { dateKind, dateTimeKind, writtenKind } from './temporal-kind.js';
import { categoryKind, textKind } from './vocabulary-kind.js';

/** The kinds by the `type` of a column in recipes and bundles. A new kind is a file, and a line here. */
const KINDS: { readonly [Type in ColumnType]: ColumnKind<Extract<RawColumn, { type: Type }>> } = {
  float: numberKind,
  integer: integerKind,
  boolean: booleanKind,
  category: categoryKind,
  text: textKind,
  date: dateKind,
  datetime: dateTimeKind,
};

export const COLUMN_TYPES = Object.keys(KINDS) as readonly ColumnType[];

/** The kind of a column; it accepts only columns of the same type and format. */
export function kindOf({ type, format }: { readonly type: ColumnType; readonly format?: string }): ColumnKind {
  const isWritten = format !== undefined && (type === 'date' || type === 'datetime');
  return (isWritten ? writtenKind(type, format) : KINDS[type]) as unknown as ColumnKind;
}
