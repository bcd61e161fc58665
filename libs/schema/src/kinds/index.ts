import { integerKind } from './integer.kind.js';
import type { ColumnKind } from './kind.js';
import { numberKind } from './number.kind.js';

/** The kinds by the `type` of a column in recipes and bundles: a new one is a file, and a line here. */
const KINDS = { float: numberKind, integer: integerKind } as const satisfies Record<string, ColumnKind>;

export type ColumnType = keyof typeof KINDS;

export const COLUMN_TYPES = Object.keys(KINDS) as readonly ColumnType[];

export const kindOf = ({ type }: { readonly type: ColumnType }): ColumnKind => KINDS[type];
