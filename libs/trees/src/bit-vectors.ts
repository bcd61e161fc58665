import { goesLeft, type TreeEnsemble } from '#onnx';
import { type FeatureCells, featureCells, nodesByFeature, numberIn } from './feature-cells.js';
import type { LeafTable } from './leaf-table.js';
import type { MemoryImage } from './memory-image.js';
import type { TreeShapes } from './tree-shape.js';

/** Bits of a mask. */
export const MOST_LEAVES = 64;
/** Of a block: their masks of one cell fill a line of the cache. */
const TREES = 8;
const WORDS = 2 * TREES;
const LINE_BYTES = 4 * WORDS;

/**
 * Lays out trees of at most {@link MOST_LEAVES} leaves as `bit-vectors.ts` of the kernels reads them.
 *
 * @param from the first tree, `to` behind the last one
 * @returns where the blocks are, and how many
 */
export function putBitVectors(
  image: MemoryImage,
  ensemble: TreeEnsemble,
  shapes: TreeShapes,
  cells: readonly FeatureCells[],
  table: LeafTable,
  from: number,
  to: number,
): { start: number; count: number } {
  const places = new Map(cells.map(({ feature }, place) => [feature, place]));
  const blocks: number[] = [];
  for (let first = from; first < to; first += TREES) {
    const last = Math.min(first + TREES, to);
    const asked: number[] = [];
    const lines: Uint32Array[] = [];
    let count = 0;
    const [start, end] = [shapes.bounds[first], shapes.bounds[last]];
    const ownCells = featureCells(ensemble, start, end).cells;
    nodesByFeature(ensemble, start, end).forEach(({ feature, nodes }, i) => {
      const place = places.get(feature)!;
      const own = linesOf(ensemble, shapes, cells[place], ownCells[i], nodes, first);
      asked.push(4 * place, image.put(own.lineOfCell.map((line) => line + count)));
      lines.push(own.lines);
      count += own.lines.length / WORDS;
    });
    const whole = new Uint32Array(count * WORDS);
    lines.reduce((at, own) => (whole.set(own, at), at + own.length), 0);
    const slots = Array.from({ length: TREES }, (_, i) => first + i).map((tree) => (tree < last ? tree : -1));
    blocks.push(asked.length / 2, image.put(Uint32Array.from(asked)), image.put(whole));
    blocks.push(
      ...slots.map((tree) => (tree < 0 ? table.nothing : table.leafAt(shapes.firstLeaf[shapes.bounds[tree]]))),
    );
    blocks.push(...slots.map((tree) => (tree < 0 ? 0 : table.outputAt(tree))));
  }
  return { start: image.put(Uint32Array.from(blocks)), count: Math.ceil((to - from) / TREES) };
}

/** A feature's lines in a block, and the line of each of its cells. */
function linesOf(
  ensemble: TreeEnsemble,
  shapes: TreeShapes,
  feature: FeatureCells,
  { breaks }: FeatureCells,
  nodes: Int32Array,
  firstTree: number,
): { lines: Uint32Array; lineOfCell: Uint16Array } {
  // A block has fewer breaks than all trees: cells between two of them share a line.
  const ownCells = breaks.length + (feature.isOrdered ? 1 : 2);
  const lines = new Uint32Array(ownCells * WORDS).fill(0xffffffff);
  for (const node of nodes) {
    const kept = maskWithoutLeft(ensemble, shapes, node, firstTree);
    for (let cell = 0; cell < ownCells; cell++) {
      if (goesLeft(ensemble, node, numberIn({ breaks }, cell))) continue;
      lines[cell * WORDS + kept.word] &= kept.low;
      lines[cell * WORDS + kept.word + 1] &= kept.high;
    }
  }
  const all = feature.breaks;
  const lineOfCell = new Uint16Array(all.length + (feature.isOrdered ? 1 : 2));
  let line = 0;
  for (let cell = 0; cell <= all.length; cell++) {
    while (line < breaks.length && cell > 0 && breaks[line] <= all[cell - 1]) line++;
    lineOfCell[cell] = line;
  }
  if (!feature.isOrdered) lineOfCell[all.length + 1] = breaks.length + 1;
  return { lines, lineOfCell };
}

/** The mask of a node that goes right: all leaves of its tree but those below its left child. */
function maskWithoutLeft(
  { left }: TreeEnsemble,
  { bounds, firstLeaf, leaves }: TreeShapes,
  node: number,
  firstTree: number,
): { word: number; low: number; high: number } {
  let tree = firstTree;
  while (bounds[tree + 1] <= node) tree++;
  const start = BigInt(firstLeaf[node] - firstLeaf[bounds[tree]]);
  const without = ~(((1n << BigInt(leaves[left[node]])) - 1n) << start);
  return {
    word: 2 * (tree - firstTree),
    low: Number(BigInt.asUintN(32, without)),
    high: Number(BigInt.asUintN(32, without >> 32n)),
  };
}

/** Bytes that the layout takes, more or less. */
export function bitVectorBytes({ left, roots }: TreeEnsemble, cells: readonly FeatureCells[]): number {
  const blocks = Math.ceil(roots.length / TREES);
  const allCells = cells.reduce((sum, { breaks }) => sum + breaks.length + 1, 0);
  return blocks * 2 * allCells + (left.length / 2) * LINE_BYTES;
}
