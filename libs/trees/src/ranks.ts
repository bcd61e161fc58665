import type { Codes } from './codes.js';
import { cellCount, type FeatureCells } from './feature-cells.js';
import type { LeafTable } from './leaf-table.js';
import type { MemoryImage } from './memory-image.js';
import type { PlacedEnsemble } from './placed-ensemble.js';
import type { TreeShapes } from './tree-shape.js';

/** Rows that are ranked at once. */
export const RANKED_ROWS = 64;
const TREES = 8;
const NODE_BYTES = 8;
/** Of a slot of `ranks.ts` of the kernels, whose first int32 is its code. */
const SLOT_BYTES = 4 * 258;

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

/** What a code is compared with in some trees: how many of these limits are below it is its rank. */
interface Slot {
  readonly number: number;
  /** In the memory of layouts. */
  readonly start: number;
  readonly code: number;
  /** The place of its feature among those that are asked. */
  readonly place: number;
}

/** Lays out trees of at most 64 leaves for runs of {@link RANKED_ROWS} rows and more, up to `rows` of them. */
export function putRanks(
  image: MemoryImage,
  ensemble: PlacedEnsemble,
  struct: number,
  shapes: TreeShapes,
  cells: readonly FeatureCells[],
  codes: Codes,
  table: LeafTable,
  rows: number,
): Ranks {
  const { memory, nodes: count, trees } = ensemble;
  const slotOf = memory.reserve(4 * count);
  const slots = sharedSlots(ensemble, struct, shapes, cells, codes, slotOf);
  const inOrder = [...slots].sort((a, b) => a.place - b.place);
  const tablesAt = codes.tables.map(({ codes }) => memory.put(codes));
  const tables = inOrder.map(({ start, code, place }) => {
    const size = cellCount(cells[place]);
    const ranks = memory.reserve(size);
    memory.kernels.rankCells(start, tablesAt[code] ?? 0, size, ranks);
    return image.copy(ranks, size);
  });

  const rankPlaces = new Int32Array(slots.length);
  inOrder.forEach(({ number }, at) => (rankPlaces[number] = at * RANKED_ROWS));
  const nodeBytes = NODE_BYTES * ((count - trees) / 2);
  const [placeOf, stack] = [memory.put(rankPlaces), memory.reserve(4 * (count + 1))];
  const [nodes, endsAt] = [memory.reserve(nodeBytes), memory.reserve(4 * trees)];
  const { leaves, firstLeaf } = shapes.places;
  const [firstSlot] = slots;
  const of = [codes.places.largest, leaves, firstLeaf, slotOf, firstSlot?.start ?? 0, placeOf, stack] as const;
  memory.kernels.layRanks(struct, ...of, nodes, endsAt);
  const ends = memory.int32s(endsAt, trees);
  const nodesAt = image.copy(nodes, nodeBytes);
  const blocks: number[] = [];
  for (let first = 0; first < trees; first += TREES) {
    const own = Array.from({ length: TREES }, (_, i) => first + i);
    const isTree = (tree: number): boolean => tree < trees;
    blocks.push(nodesAt + (first === 0 ? 0 : ends[first - 1]));
    blocks.push(...own.map((tree) => nodesAt + (isTree(tree) ? ends[tree] : nodeBytes)));
    blocks.push(...own.map((tree) => (isTree(tree) ? table.leafAt(shapes.leavesBefore[tree]) : table.nothing)));
    blocks.push(...own.map((tree) => (isTree(tree) ? table.outputAt(tree) : 0)));
  }
  return {
    blocks: Math.ceil(trees / TREES),
    start: image.put(Uint32Array.from(blocks)),
    tables: image.put(Uint32Array.from(tables)),
    ends: cells.map((_, at) => inOrder.filter(({ place }) => place <= at).length),
    stride: slots.length * RANKED_ROWS,
    ranks: image.reserve(slots.length * (Math.floor(rows / RANKED_ROWS) * RANKED_ROWS)),
    leaves: image.reserve(TREES * RANKED_ROWS),
  };
}

/** Shares slots among trees. @param slotOf where to leave that of each node */
function sharedSlots(
  { memory, nodes, trees }: PlacedEnsemble,
  struct: number,
  shapes: TreeShapes,
  cells: readonly FeatureCells[],
  { tables, places }: Codes,
  slotOf: number,
): Slot[] {
  const codes = tables.length > 0 ? tables.length : cells.length;
  const [own, current] = [memory.reserve(codes * SLOT_BYTES), memory.reserve(4 * codes)];
  const start = memory.reserve(Math.min((nodes - trees) / 2, codes * trees) * SLOT_BYTES);
  const { place, largest } = places;
  const { bounds } = shapes.places;
  const found = memory.kernels.shareSlots(struct, place, largest, bounds, codes, own, current, slotOf, start);
  memory.release(start + found * SLOT_BYTES);
  return Array.from({ length: found }, (_, number) => {
    const [code] = memory.int32s(start + number * SLOT_BYTES, 1);
    return { number, start: start + number * SLOT_BYTES, code, place: tables[code]?.place ?? code };
  });
}
