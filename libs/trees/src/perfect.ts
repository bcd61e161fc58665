import type { TreeEnsemble } from '#onnx';
import type { FeatureCells } from './feature-cells.js';
import type { MemoryImage } from './memory-image.js';
import type { Codes } from './paths.js';
import type { TreeShapes } from './tree-shape.js';

/** Limits of codes have 16 bits; no cell's code is above this one. */
const ALL_LEFT = 2 ** 16 - 1;
/** Trees that are walked at once. */
const WALKED = 8;
const NODE_BYTES = 4;
/** Bytes of a node of a path, and of the number of its leaf. */
const PATH_BYTES = 12;

/**
 * How deep trees are when filled up, where that takes no more memory than they do as paths.
 *
 * @param leafBytes of the values of one leaf
 */
export function perfectDepth(
  { depths, bounds }: TreeShapes,
  cells: readonly FeatureCells[],
  trees: readonly number[],
  leafBytes: number,
): number | undefined {
  if (cells.some(({ breaks }) => breaks.length >= ALL_LEFT)) return undefined;
  const depth = trees.reduce((most, tree) => Math.max(most, depths[tree]), 0);
  const nodes = trees.reduce((sum, tree) => sum + bounds[tree + 1] - bounds[tree], 0);
  const filled = trees.length * 2 ** depth * (NODE_BYTES + leafBytes);
  return filled <= nodes * PATH_BYTES + (nodes / 2) * leafBytes ? depth : undefined;
}

/** Trees `from` to before `to` as `perfect.ts` of the kernels reads them. */
export function putPerfect(
  image: MemoryImage,
  { left, right, roots, leafWidth, leafValues, firstOutput }: TreeEnsemble,
  { place, largest }: Codes,
  depth: number,
  Type: Float32ArrayConstructor | Float64ArrayConstructor,
  from: number,
  to: number,
): { start: number; count: number } {
  const size = 2 ** depth;
  const leafBytes = leafWidth * Type.BYTES_PER_ELEMENT;
  const nodes = new Uint32Array(size * (to - from));
  const values = new Type(size * leafWidth * (to - from));
  const node = new Int32Array(2 * size);
  for (let tree = from, at = 0; tree < to; tree++, at += size) {
    node[1] = roots[tree];
    // A leaf above the last level is its own child, wherever a row goes.
    for (let i = 1; i < size; i++) {
      const own = node[i];
      const isLeaf = left[own] < 0;
      node[2 * i] = isLeaf ? own : left[own];
      node[2 * i + 1] = isLeaf ? own : right[own];
      if (!isLeaf) nodes[at + i] = place[own] | (Math.min(largest[own], ALL_LEFT) << 16);
    }
    for (let i = 0; i < size; i++) {
      const first = right[node[size + i]] * leafWidth;
      for (let v = 0; v < leafWidth; v++) values[(at + i) * leafWidth + v] = leafValues[first + v];
    }
  }
  const [nodesAt, valuesAt] = [image.put(nodes), image.put(values)];
  const trees: number[] = [];
  const add = (nodes: number, output: number, values: number): unknown =>
    trees.push(nodes, depth, output, values - size * leafBytes);
  for (let tree = from, at = 0; tree < to; tree++, at += size) {
    add(nodesAt + at * NODE_BYTES, firstOutput[tree] * Type.BYTES_PER_ELEMENT, valuesAt + at * leafBytes);
  }
  if ((to - from) % WALKED > 0) {
    const nothing = image.reserve(size * Math.max(NODE_BYTES, leafBytes));
    while ((trees.length / 4) % WALKED !== 0) add(nothing, 0, nothing);
  }
  return { start: image.put(Uint32Array.from(trees)), count: to - from };
}
