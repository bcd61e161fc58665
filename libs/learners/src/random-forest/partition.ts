import { ENTRY_BITS } from './bag.js';

/** Rows whose code is below `firstRight` go left. */
export interface Side {
  readonly codes: Uint16Array;
  readonly firstRight: number;
}

/* The sign bit of a difference selects the side: a branch would be mispredicted for every other row. */

/**
 * Partitions entries, left before right; stable.
 *
 * @param aside a buffer as large as `entries`; overwritten
 * @returns where the right side begins
 */
export function partition(
  { codes, firstRight }: Side,
  entries: Uint32Array,
  start: number,
  end: number,
  aside: Uint32Array,
): number {
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const entry = entries[i];
    const goesLeft = (codes[entry >>> ENTRY_BITS] - firstRight) >>> 31;
    entries[left] = entry;
    aside[right] = entry;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  for (let i = 0; i < right; i++) entries[left + i] = aside[i];
  return left;
}

/**
 * Moves the entries of one side to the front, in order, and drops the others.
 *
 * @returns where they end
 */
export function keepSide(
  { codes, firstRight }: Side,
  keepLeft: boolean,
  entries: Uint32Array,
  start: number,
  end: number,
): number {
  const dropped = keepLeft ? 0 : 1;
  let size = start;
  for (let i = start; i < end; i++) {
    const entry = entries[i];
    entries[size] = entry;
    size += ((codes[entry >>> ENTRY_BITS] - firstRight) >>> 31) ^ dropped;
  }
  return size;
}
