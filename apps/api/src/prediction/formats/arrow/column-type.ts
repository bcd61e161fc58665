import { Float, Int, Precision } from 'apache-arrow';
import { Date as DateType } from 'apache-arrow/fb/date';
import { DateUnit } from 'apache-arrow/fb/date-unit';
import type { Field } from 'apache-arrow/fb/field';
import { FloatingPoint } from 'apache-arrow/fb/floating-point';
import { Int as IntType } from 'apache-arrow/fb/int';
import { TimeUnit } from 'apache-arrow/fb/time-unit';
import { Timestamp } from 'apache-arrow/fb/timestamp';
import { Type } from 'apache-arrow/fb/type';
import { kindOf, type RawColumn } from '#schema';

const TEXTS = [Type.Utf8, Type.LargeUtf8, Type.Utf8View];
const WIDTHS = [8, 16, 32, 64] as const;

/** The layout of a column's values in its buffers. */
export type ArrowType =
  | { readonly kind: 'number'; readonly type: Int | Float }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text'; readonly isLarge: boolean }
  /** Views: each row holds a short text inline, or the location of a longer one. */
  | { readonly kind: 'view' }
  /** Integers in units of `microseconds` since the epoch; `isNaive` for timestamps without a time zone. */
  | { readonly kind: 'time'; readonly isLong: boolean; readonly microseconds: number; readonly isNaive: boolean };

/** The Arrow types that each kind of column accepts, and their description. */
const TAKEN: Readonly<Record<'number' | 'flag' | 'text' | 'code' | 'date' | 'time', readonly [Type[], string]>> = {
  number: [[Type.Int, Type.FloatingPoint], 'no numbers; send integers or floats'],
  flag: [[Type.Bool], 'no truth values; send bool'],
  text: [TEXTS, 'no texts; send utf8, large_utf8, utf8_view, or a dictionary of them'],
  code: [
    [Type.Int, Type.FloatingPoint, ...TEXTS],
    'neither numbers nor texts; send integers, floats, utf8, or a dictionary of them',
  ],
  date: [[Type.Date, ...TEXTS], 'no dates; send date32, date64 or utf8'],
  time: [[Type.Timestamp, ...TEXTS], 'no times; send timestamp or utf8'],
};

type Taken = keyof typeof TAKEN;

const TAKEN_FOR: Readonly<Record<RawColumn['type'], Taken>> = {
  float: 'number',
  integer: 'number',
  boolean: 'flag',
  category: 'text',
  text: 'text',
  date: 'date',
  datetime: 'time',
};

function takenFor(column: RawColumn | undefined): Taken {
  if (column?.type === 'category' && column.codes === 'number') return 'code';
  // Of seconds since the epoch.
  if (column?.type === 'datetime' && kindOf(column).datatype === 'INT64') return 'number';
  return column ? TAKEN_FOR[column.type] : 'number';
}

export function intOf(type: IntType | null): Int | undefined {
  const width = WIDTHS.find((bits) => bits === type?.bitWidth());
  return width && new Int(type!.isSigned(), width);
}

const READ: Readonly<Partial<Record<Type, (field: Field) => ArrowType | undefined>>> = {
  [Type.Int]: (field) => {
    const type = intOf(field.type(new IntType()) as IntType | null);
    return type && { kind: 'number', type };
  },
  [Type.FloatingPoint]: (field) => {
    const precision = (field.type(new FloatingPoint()) as FloatingPoint | null)?.precision();
    return precision !== undefined && precision in Precision
      ? { kind: 'number', type: new Float(precision) }
      : undefined;
  },
  [Type.Bool]: () => ({ kind: 'flag' }),
  [Type.Utf8]: () => ({ kind: 'text', isLarge: false }),
  [Type.LargeUtf8]: () => ({ kind: 'text', isLarge: true }),
  [Type.Utf8View]: () => ({ kind: 'view' }),
  [Type.Date]: (field) => {
    const isLong = (field.type(new DateType()) as DateType | null)?.unit() !== DateUnit.DAY;
    return { kind: 'time', isLong, microseconds: isLong ? 1e3 : 86_400e6, isNaive: true };
  },
  [Type.Timestamp]: (field) => {
    const type = field.type(new Timestamp()) as Timestamp | null;
    const unit = type?.unit() ?? TimeUnit.SECOND;
    return { kind: 'time', isLong: true, microseconds: 1_000_000 / 1_000 ** unit, isNaive: !type?.timezone() };
  },
};

/**
 * @param column to read the field as; default a column of numbers
 * @returns the expected types, in words, if the column does not accept the field's type
 */
export function columnTypeOf(field: Field, column: RawColumn | undefined): ArrowType | string {
  const taken = takenFor(column);
  const [types, words] = TAKEN[taken];
  const isFit = types.includes(field.typeType()) && !(field.dictionary() && (taken === 'number' || taken === 'flag'));
  return (isFit && READ[field.typeType()]?.(field)) || words;
}

/** The number of buffers of a column, including the validity bitmap, but for views without the data buffers. */
export const buffersOf = ({ kind }: ArrowType): number => (kind === 'text' ? 3 : 2);
