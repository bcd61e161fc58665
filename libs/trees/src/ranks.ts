import type { TreeEnsemble } from '#onnx';
import type { FeatureCells } from './feature-cells.js';
import type { LeafTable } from './leaf-table.js';
import type { MemoryImage } from './memory-image.js';
import { codeOfCell, type Codes } from './paths.js';
import type { TreeShapes } from './tree-shape.js';

/** Rows that are ranked at once. */
export const RANKED_ROWS = 64;
/** Numbers that a byte tells apart from those above it. */
const MOST_LIMITS = 255;
const TREES = 8;
const NODE_BYTES = 8;
/** Ranks are compared as int8s. */
const toInt8 = (byte: number): number => byte ^ 0x80;

/** Where a kernel finds what `ranks.ts` of the kernels reads. */
export interface Ranks {
  readonly blocks: number;
  readonly start: number;
  readonly tables: number;
  /** Tables of each feature and of those before it. */
  readonly ends: readonly number[];
  /** Bytes of the ranks of {@link RANKED_ROWS} rows. */
  readonly stride: number;
  readonly ranks: number;
  readonly leaves: number;
}

/** What a code is compared with in some trees, ascending: how many of them are below it is its rank. */
interface Slot {
  readonly code: number;
  readonly limits: Set<number>;
}

/** Lays out trees of at most 64 leaves for runs of {@link RANKED_ROWS} rows and more, up to `rows` of them. */
export function putRanks(
  image: MemoryImage,
  { left, right, roots }: TreeEnsemble,
  { bounds, leaves, firstLeaf }: TreeShapes,
  cells: readonly FeatureCells[],
  codes: Codes,
  table: LeafTable,
  rows: number,
): Ranks {
  const { slotOf, slots } = slotsOf(roots.length, bounds, left, codes);
  const placeOf = ({ code }: Slot): number => codes.tables[code]?.place ?? code;
  const inOrder = [...slots].sort((a, b) => placeOf(a) - placeOf(b));
  const places = new Map(inOrder.map((slot, at) => [slot, at * RANKED_ROWS]));
  const ordered = new Map(slots.map((slot) => [slot, [...slot.limits].sort((a, b) => a - b)]));
  const tables = inOrder.map((slot) => {
    const { breaks, isOrdered } = cells[placeOf(slot)];
    const limits = ordered.get(slot)!;
    const size = breaks.length + (isOrdered ? 1 : 2);
    return image.put(
      Uint8Array.from({ length: size }, (_, c) => toInt8(below(limits, codeOfCell(codes, slot.code, c)))),
    );
  });

  const nodes = new DataView(new ArrayBuffer(NODE_BYTES * ((left.length - roots.length) / 2)));
  const ends: number[] = [];
  let at = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    const waiting = [roots[tree]];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (left[node] < 0) continue;
      const slot = slotOf(tree, codes.place[node]);
      const first = firstLeaf[node] - firstLeaf[roots[tree]];
      nodes.setUint32(at, places.get(slot)!, true);
      nodes.setUint8(at + 4, toInt8(below(ordered.get(slot)!, codes.largest[node])));
      nodes.setInt8(at + 5, first - 1);
      nodes.setInt8(at + 6, first + leaves[left[node]]);
      at += NODE_BYTES;
      waiting.push(right[node], left[node]);
    }
    ends.push(at);
  }
  const nodesAt = image.put(new Uint8Array(nodes.buffer));
  const blocks: number[] = [];
  for (let first = 0; first < roots.length; first += TREES) {
    const trees = Array.from({ length: TREES }, (_, i) => first + i);
    const isTree = (tree: number): boolean => tree < roots.length;
    blocks.push(nodesAt + (first === 0 ? 0 : ends[first - 1]));
    blocks.push(...trees.map((tree) => nodesAt + (ends[tree] ?? at)));
    blocks.push(...trees.map((tree) => (isTree(tree) ? table.leafAt(firstLeaf[bounds[tree]]) : table.nothing)));
    blocks.push(...trees.map((tree) => (isTree(tree) ? table.outputAt(tree) : 0)));
  }
  return {
    blocks: Math.ceil(roots.length / TREES),
    start: image.put(Uint32Array.from(blocks)),
    tables: image.put(Uint32Array.from(tables)),
    ends: cells.map((_, place) => inOrder.filter((slot) => placeOf(slot) <= place).length),
    stride: slots.length * RANKED_ROWS,
    ranks: image.reserve(slots.length * (Math.floor(rows / RANKED_ROWS) * RANKED_ROWS)),
    leaves: image.reserve(TREES * RANKED_ROWS),
  };
}

/** How many of ascending numbers are below one. */
function below(numbers: readonly number[], x: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (numbers[middle] < x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Shares slots among as many trees, one after the other, as a byte tells their limits apart. */
function slotsOf(
  trees: number,
  bounds: Int32Array,
  left: Int32Array,
  { place, largest }: Codes,
): { slots: Slot[]; slotOf: (tree: number, place: number) => Slot } {
  const slots: Slot[] = [];
  const groups: Map<number, Slot>[] = [];
  let group = new Map<number, Slot>();
  for (let tree = 0; tree < trees; tree++) {
    const own = new Map<number, Set<number>>();
    for (let node = bounds[tree]; node < bounds[tree + 1]; node++) {
      if (left[node] < 0) continue;
      const limits = own.get(place[node]) ?? new Set();
      own.set(place[node], limits.add(largest[node]));
    }
    const isFull = [...own].some(([at, limits]) => unionSize(limits, group.get(at)?.limits) > MOST_LIMITS);
    if (isFull) group = new Map();
    for (const [at, limits] of own) {
      let slot = group.get(at);
      if (!slot) {
        group.set(at, (slot = { code: at / 4, limits: new Set() }));
        slots.push(slot);
      }
      for (const limit of limits) slot.limits.add(limit);
    }
    groups.push(group);
  }
  return { slots, slotOf: (tree, at) => groups[tree].get(at)! };
}

function unionSize(some: ReadonlySet<number>, others: ReadonlySet<number> = new Set()): number {
  let size = others.size;
  for (const one of some) if (!others.has(one)) size++;
  return size;
}
