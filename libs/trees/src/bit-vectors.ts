import { ALL_LEFT, type AskedCells, cellCount, type FeatureCells, roomForBreaks } from './feature-cells.js';
import type { LeafTable } from './leaf-table.js';
import type { MemoryImage } from './memory-image.js';
import type { PlacedEnsemble } from './placed-ensemble.js';
import type { TreeShapes } from './tree-shape.js';

/** Bits of a mask. */
export const MOST_LEAVES = 64;
/** Of a block: their masks of one cell fill a line of the cache. */
const TREES = 8;
const LINE_BYTES = 8 * TREES;

/**
 * Lays out trees of at most {@link MOST_LEAVES} leaves as `bit-vectors.ts` of the kernels reads them.
 *
 * @param from the first tree, `to` behind the last one
 * @returns where the blocks are, and how many
 */
export function putBitVectors(
  image: MemoryImage,
  ensemble: PlacedEnsemble,
  struct: number,
  shapes: TreeShapes,
  { cells, room }: AskedCells,
  table: LeafTable,
  from: number,
  to: number,
): { start: number; count: number } {
  const { memory, features, codes } = ensemble;
  const mostNodes = TREES * 2 * MOST_LEAVES;
  const own = roomForBreaks(ensemble, mostNodes);
  const lineStart = memory.reserve(4 * features);
  const placeOf = new Map(cells.map(({ feature }, place) => [feature, place]));
  const ordered = new Uint8Array(features);
  for (const { feature, isOrdered } of cells) ordered[feature] = Number(isOrdered);
  const isOrdered = memory.put(ordered);
  const allCells = cells.reduce((sum, of) => sum + cellCount(of), 0);
  const { bounds, leaves, firstLeaf } = shapes.places;
  const blocks: number[] = [];
  for (let first = from; first < to; first += TREES) {
    const last = Math.min(first + TREES, to);
    const [askedAt, lineOfCell] = [memory.reserve(8 * features), memory.reserve(2 * allCells)];
    const lines = memory.reserve((mostNodes + 2 * codes + 2 * cells.length) * LINE_BYTES);
    memory.kernels.breaks(struct, shapes.bounds[first], shapes.bounds[last], own.struct, ALL_LEFT);
    const found = [room.struct, own.struct, isOrdered, bounds, leaves, firstLeaf] as const;
    const count = memory.kernels.layBitVectors(struct, ...found, first, last, lineStart, askedAt, lineOfCell, lines);
    memory.release(lines + count * LINE_BYTES);
    const askedCells = memory.int32s(askedAt, 2 * features);
    const asked: number[] = [];
    // Zeros stand behind the last feature that is asked.
    for (let i = 0, at = lineOfCell; i < askedCells.length && askedCells[i + 1] > 0; i += 2) {
      const bytes = 2 * askedCells[i + 1];
      asked.push(4 * placeOf.get(askedCells[i])!, image.copy(at, bytes));
      at += bytes;
    }
    blocks.push(asked.length / 2, image.put(Uint32Array.from(asked)), image.copy(lines, count * LINE_BYTES));
    const slots = Array.from({ length: TREES }, (_, i) => first + i).map((tree) => (tree < last ? tree : -1));
    blocks.push(...slots.map((tree) => (tree < 0 ? table.nothing : table.leafAt(shapes.leavesBefore[tree]))));
    blocks.push(...slots.map((tree) => (tree < 0 ? 0 : table.outputAt(tree))));
  }
  return { start: image.put(Uint32Array.from(blocks)), count: Math.ceil((to - from) / TREES) };
}

/** Bytes that the layout takes, more or less. */
export function bitVectorBytes({ nodes, trees }: PlacedEnsemble, cells: readonly FeatureCells[]): number {
  const blocks = Math.ceil(trees / TREES);
  const allCells = cells.reduce((sum, { breaks }) => sum + breaks.length + 1, 0);
  return blocks * 2 * allCells + (nodes / 2) * LINE_BYTES;
}
