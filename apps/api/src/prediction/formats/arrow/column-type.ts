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

/** How the values of a column lie in its buffers. */
export type ArrowType =
  | { readonly kind: 'number'; readonly type: Int | Float }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text'; readonly isLarge: boolean }
  /** Texts of which each row tells the place, and short ones stand there themselves. */
  | { readonly kind: 'view' }
  /** Whole numbers of so many microseconds each since the epoch; of moments without a zone where it `isNaive`. */
  | { readonly kind: 'time'; readonly isLong: boolean; readonly microseconds: number; readonly isNaive: boolean };

/** What columns of the kinds may come as, and that in words. */
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
 * @param column that the field is to be read as; not there: as numbers
 * @returns in words where the field is of no type that the column may come as
 */
export function columnTypeOf(field: Field, column: RawColumn | undefined): ArrowType | string {
  const taken = takenFor(column);
  const [types, words] = TAKEN[taken];
  const isFit = types.includes(field.typeType()) && !(field.dictionary() && (taken === 'number' || taken === 'flag'));
  return (isFit && READ[field.typeType()]?.(field)) || words;
}

/** How many buffers hold a column, that of its nulls included; of views, without those that they point into. */
export const buffersOf = ({ kind }: ArrowType): number => (kind === 'text' ? 3 : 2);
