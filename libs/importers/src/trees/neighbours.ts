import { numberAbove } from '#trees';

type FloatType = 'float32' | 'float64';

/** The largest number of a type below `x`. @param x finite or Infinity */
export const numberBelow = (x: number, type: FloatType): number => -numberAbove(-x, type);

/** A finite number rounded to its type, with its two neighbours. */
export function neighbours(x: number, type: FloatType): number[] {
  const at = type === 'float32' ? Math.fround(x) : x;
  return Number.isFinite(at) ? [numberBelow(at, type), at, numberAbove(at, type)] : [];
}
