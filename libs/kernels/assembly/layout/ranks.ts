import { Ensemble, i32At, putI32 } from './ensemble';

/** Numbers that a byte tells apart from those above it. */
const MOST_LIMITS = 255;
/** A slot: its code, how many limits it has, and these, ascending; int32s. */
const SLOT_BYTES: usize = 4 * (2 + 256);
const NODE_BYTES: usize = 8;

function limitsOf(slot: usize): usize {
  return slot + 8;
}

/** How many of ascending numbers are below one. */
function below(numbers: usize, count: i32, x: u32): i32 {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (<u32>i32At(numbers, middle) < x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Whether ascending numbers have one at a place. */
function hasAt(numbers: usize, count: i32, at: i32, x: u32): bool {
  return at < count && <u32>i32At(numbers, at) == x;
}

/** Ranks are compared as int8s. */
function toInt8(byte: i32): u8 {
  return <u8>(byte ^ 0x80);
}

function addLimit(slot: usize, x: u32): void {
  const limits = limitsOf(slot);
  const count = i32At(slot, 1);
  const at = below(limits, count, x);
  if (hasAt(limits, count, at, x)) return;
  const place = limits + (<usize>at << 2);
  memory.copy(place + 4, place, <usize>(count - at) << 2);
  store<u32>(place, x);
  putI32(slot, 1, count + 1);
}

/**
 * Shares slots, each of one code and what it is compared with, among as many trees, one after the other, as a byte tells
 * their limits apart.
 *
 * @param places uint16 of each node, and `largest` uint32: four times its code, and the largest that goes left
 * @param bounds where each tree begins, then where the last one ends
 * @param codes how many codes there are
 * @param own room for a slot for each code
 * @param current room for an int32 for each code
 * @param slotOf of each node its slot; int32s
 * @param slots room for one for each node that is no leaf, or for each code of each tree; zeros before
 * @returns how many slots
 */
export function shareSlots(
  ensemble: Ensemble,
  places: usize,
  largest: usize,
  bounds: usize,
  codes: i32,
  own: usize,
  current: usize,
  slotOf: usize,
  slots: usize,
): i32 {
  let count = 0;
  for (let code = 0; code < codes; code++) putI32(current, code, -1);
  for (let tree = 0; tree < ensemble.trees; tree++) {
    const start = i32At(bounds, tree);
    const end = i32At(bounds, tree + 1);
    for (let code = 0; code < codes; code++) putI32(own + <usize>code * SLOT_BYTES, 1, 0);
    for (let node = start; node < end; node++) {
      if (i32At(ensemble.left, node) < 0) continue;
      const code = <i32>load<u16>(places + (<usize>node << 1)) >> 2;
      addLimit(own + <usize>code * SLOT_BYTES, i32At(largest, node));
    }
    let isFull = false;
    for (let code = 0; code < codes && !isFull; code++) {
      const at = i32At(current, code);
      if (at < 0) continue;
      const slot = slots + <usize>at * SLOT_BYTES;
      const mine = own + <usize>code * SLOT_BYTES;
      const known = i32At(slot, 1);
      const size = i32At(mine, 1);
      let union = known;
      for (let i = 0; i < size; i++) {
        const limit = i32At(limitsOf(mine), i);
        if (!hasAt(limitsOf(slot), known, below(limitsOf(slot), known, limit), limit)) union++;
      }
      isFull = union > MOST_LIMITS;
    }
    if (isFull) for (let code = 0; code < codes; code++) putI32(current, code, -1);
    for (let node = start; node < end; node++) {
      if (i32At(ensemble.left, node) < 0) continue;
      const code = <i32>load<u16>(places + (<usize>node << 1)) >> 2;
      if (i32At(current, code) < 0) {
        putI32(current, code, count);
        putI32(slots + <usize>count * SLOT_BYTES, 0, code);
        count++;
      }
      const at = i32At(current, code);
      putI32(slotOf, node, at);
      addLimit(slots + <usize>at * SLOT_BYTES, i32At(largest, node));
    }
  }
  return count;
}

/**
 * Ranks the codes of cells among the limits of a slot.
 *
 * @param table the code of each cell, uint32s; 0 where a code is its cell
 * @param ranks a byte for each cell
 */
export function rankCells(slot: usize, table: usize, cells: i32, ranks: usize): void {
  const count = i32At(slot, 1);
  for (let cell = 0; cell < cells; cell++) {
    const code = table ? i32At(table, cell) : cell;
    store<u8>(ranks + <usize>cell, toInt8(below(limitsOf(slot), count, code)));
  }
}

/**
 * Lays the nodes of trees out as `ranks.ts` of the kernels that walk reads them, those to the left first.
 *
 * @param placeOf where in the ranks of some rows those of each slot are; int32s
 * @param stack room for an int32 for each node of the largest tree
 * @param ends of each tree, in bytes behind the first node; int32s
 */
export function layRanks(
  ensemble: Ensemble,
  largest: usize,
  leaves: usize,
  firstLeaf: usize,
  slotOf: usize,
  slots: usize,
  placeOf: usize,
  stack: usize,
  nodes: usize,
  ends: usize,
): void {
  let to = nodes;
  for (let tree = 0; tree < ensemble.trees; tree++) {
    const root = i32At(ensemble.roots, tree);
    const before = i32At(firstLeaf, root);
    let top = 0;
    putI32(stack, top++, root);
    while (top > 0) {
      const node = i32At(stack, --top);
      const left = i32At(ensemble.left, node);
      if (left < 0) continue;
      const at = i32At(slotOf, node);
      const slot = slots + <usize>at * SLOT_BYTES;
      const first = i32At(firstLeaf, node) - before;
      store<i32>(to, i32At(placeOf, at));
      store<u8>(to, toInt8(below(limitsOf(slot), i32At(slot, 1), i32At(largest, node))), 4);
      store<u8>(to, <u8>(first - 1), 5);
      store<u8>(to, <u8>(first + i32At(leaves, left)), 6);
      to += NODE_BYTES;
      putI32(stack, top++, i32At(ensemble.right, node));
      putI32(stack, top++, left);
    }
    putI32(ends, tree, <i32>(to - nodes));
  }
}
