import { i32At, putI32 } from './ensemble';

/** In the place of a leaf's mode, behind the modes of `libs/trees`. */
export const LEAF: u8 = 7;

/** Nodes of an operator by tree and number: runs of the list are of one tree each. */
@unmanaged
export class NodeNumbers {
  runs: i32;
  /** Where each run begins, then where the last one ends. */
  runStart: usize;
  runTree: usize;
  /** Of each tree where its numbers begin in `places`; then where all end. */
  starts: usize;
  /** By tree and number: the place in the list, or -1. */
  places: usize;
}

/** Finds where runs of equal int32s begin. @returns how many there are */
export function runs(ids: usize, count: i32, starts: usize): i32 {
  let found = 0;
  for (let i = 0; i < count; i++) if (i == 0 || i32At(ids, i) != i32At(ids, i - 1)) putI32(starts, found++, i);
  return found;
}

/** Counts the numbers of each tree, up to the largest. @returns false where one is negative */
export function treeSizes(index: NodeNumbers, numbers: usize, sizes: usize): bool {
  for (let run = 0; run < index.runs; run++) {
    const tree = i32At(index.runTree, run);
    let size: u32 = i32At(sizes, tree);
    const end = i32At(index.runStart, run + 1);
    for (let i = i32At(index.runStart, run); i < end; i++) {
      const number = i32At(numbers, i);
      if (number < 0) return false;
      size = max(size, <u32>number + 1);
    }
    putI32(sizes, tree, size);
  }
  return true;
}

/** Fills `places`, which are -1 before. @returns false where two nodes have one number */
export function numberNodes(index: NodeNumbers, numbers: usize): bool {
  for (let run = 0; run < index.runs; run++) {
    const start = i32At(index.starts, i32At(index.runTree, run));
    const end = i32At(index.runStart, run + 1);
    for (let i = i32At(index.runStart, run); i < end; i++) {
      const at = start + i32At(numbers, i);
      if (i32At(index.places, at) >= 0) return false;
      putI32(index.places, at, i);
    }
  }
  return true;
}

/** The place of a number between `start` and `end`, or -1. */
function placeOf(index: NodeNumbers, start: i32, end: i32, number: i32): i32 {
  return number >= 0 && number < end - start ? i32At(index.places, start + number) : -1;
}

/**
 * Turns the number of a child, of each node but leaves, into its place; of a leaf into `~place`.
 *
 * @returns false where it is not there
 */
export function children(index: NodeNumbers, numbers: usize, modes: usize): bool {
  for (let run = 0; run < index.runs; run++) {
    const tree = i32At(index.runTree, run);
    const start = i32At(index.starts, tree);
    const last = i32At(index.starts, tree + 1);
    const end = i32At(index.runStart, run + 1);
    for (let i = i32At(index.runStart, run); i < end; i++) {
      if (load<u8>(modes + <usize>i) == LEAF) continue;
      const place = placeOf(index, start, last, i32At(numbers, i));
      if (place < 0) return false;
      putI32(numbers, i, load<u8>(modes + <usize>place) == LEAF ? ~place : place);
    }
  }
  return true;
}

/**
 * Turns the numbers of leaves into their places, by the runs of their trees, -1 for those that are not there.
 *
 * @returns 0, or 1 where one is not there, or 2 where one is no leaf
 */
export function leafPlaces(
  index: NodeNumbers,
  runs: i32,
  runStart: usize,
  runTree: usize,
  numbers: usize,
  modes: usize,
): i32 {
  for (let run = 0; run < runs; run++) {
    const tree = i32At(runTree, run);
    if (tree < 0) return 1;
    const start = i32At(index.starts, tree);
    const last = i32At(index.starts, tree + 1);
    const end = i32At(runStart, run + 1);
    for (let i = i32At(runStart, run); i < end; i++) {
      const place = placeOf(index, start, last, i32At(numbers, i));
      if (place < 0) return 1;
      if (load<u8>(modes + <usize>place) != LEAF) return 2;
      putI32(numbers, i, place);
    }
  }
  return 0;
}
