import { COMPARISON, goesLeft, type TreeEnsemble } from '#onnx';
import { ALL_LEFT, type AskedCells, numberIn } from './feature-cells.js';
import type { LeafTable } from './leaf-table.js';
import type { MemoryImage } from './memory-image.js';
import type { TreeShapes } from './tree-shape.js';

const MOST_NODES = 2 ** 26;
const MOST_CODES = 2 ** 14;
/** Trees that are walked at once. */
const WALKED = 8;

/** Codes that nodes compare with their own: those of rows are made from cells, by a table for each where they differ. */
export interface Codes {
  /** None where codes are cells. */
  readonly tables: readonly { readonly place: number; readonly codes: Uint32Array }[];
  /** Of each node: where in a row, and the largest code that goes left. */
  readonly place: Uint16Array;
  readonly largest: Uint32Array;
}

/** @returns what keeps the ensemble from this layout, in words */
export function codesOf(ensemble: TreeEnsemble, { cells, largest }: AskedCells): Codes | string {
  const { feature, comparison, missingLeft, setStart, setCodes, left } = ensemble;
  if (left.length >= MOST_NODES - 2) return `has ${MOST_NODES} nodes or more`;
  if (cells.some(({ breaks }) => breaks.length >= ALL_LEFT - 1)) {
    return `splits a feature at ${ALL_LEFT - 1} places or more`;
  }
  const places = new Int32Array(ensemble.features);
  cells.forEach(({ feature }, place) => (places[feature] = place));
  const derived = cells.some(({ isOrdered }) => !isOrdered);
  const tables: { place: number; codes: Uint32Array }[] = [];
  const known = new Map<string, number>();
  const tableOf = (key: string, place: number, codeOf: (cell: number) => number): number => {
    let table = known.get(key);
    if (table !== undefined) return table;
    const { breaks, isOrdered } = cells[place];
    const codes = Uint32Array.from({ length: breaks.length + (isOrdered ? 1 : 2) }, (_, cell) => codeOf(cell));
    table = tables.push({ place, codes }) - 1;
    known.set(key, table);
    return table;
  };
  const tableOfSet = (node: number, own: number): number => {
    const set = setCodes.subarray(setStart[node], setStart[node + 1]).join();
    const codeOf = (cell: number): number => Number(!goesLeft(ensemble, node, numberIn(cells[own], cell)));
    return tableOf(`${own} ${missingLeft[node]} ${set}`, own, codeOf);
  };
  const tableOfNumbers = (node: number, own: number): number => {
    const { breaks, isOrdered } = cells[own];
    // To the right of a node even where all numbers go left.
    const missing = missingLeft[node] ? 0 : ALL_LEFT;
    const codeOf = (cell: number): number => (cell > breaks.length ? missing : cell);
    return tableOf(`${own} ${isOrdered ? '' : missingLeft[node]}`, own, codeOf);
  };
  const place = new Uint16Array(left.length);
  // No closure in here: each of so many nodes would make one.
  for (let node = 0; node < left.length; node++) {
    if (left[node] < 0) continue;
    const own = places[feature[node]];
    let code = own;
    if (comparison[node] === COMPARISON.member) {
      code = tableOfSet(node, own);
      largest[node] = 0;
    } else if (derived) code = tableOfNumbers(node, own);
    place[node] = 4 * code;
    if (code >= MOST_CODES) return `asks ${MOST_CODES} features and sets of categories or more`;
  }
  return { tables, place, largest };
}

/** What a code is where its feature has a cell. */
export const codeOfCell = ({ tables }: Codes, code: number, cell: number): number =>
  tables.length > 0 ? tables[code].codes[cell] : cell;

/** All nodes as `paths.ts` of the kernels reads them. */
export function putNodes(
  image: MemoryImage,
  { left, right, roots }: TreeEnsemble,
  { place, largest }: Codes,
  { firstLeaf }: TreeShapes,
  table: LeafTable,
): { nodes: number; leaves: number; rootOf: Int32Array; nothing: number } {
  const order = new Int32Array(left.length);
  const rootOf = new Int32Array(roots.length);
  const nodes = new Uint32Array(2 * (left.length + 1));
  const set = (at: number, child: number, code: number, place: number): void => {
    nodes[2 * at] = place | (code << 16);
    nodes[2 * at + 1] = (code >>> 16) | (child << 6);
  };
  const leaves = new Uint32Array(left.length + 1);
  let next = 0;
  roots.forEach((root, tree) => {
    rootOf[tree] = order[root] = next++;
    const waiting = [root];
    for (let i = 0; i < waiting.length; i++) {
      const node = waiting[i];
      const at = order[node];
      set(at, left[node] < 0 ? at : next, largest[node], place[node]);
      leaves[at] = firstLeaf[node];
      if (left[node] < 0) continue;
      order[left[node]] = next++;
      order[right[node]] = next++;
      waiting.push(left[node], right[node]);
    }
  });
  // A tree that is a leaf of nothing.
  set(next, next, ALL_LEFT, 0);
  leaves[next] = table.nothingLeaf;
  return { nodes: image.put(nodes), leaves: image.put(leaves), rootOf, nothing: next };
}

/** Trees `from` to before `to`, made up to a multiple of those that are walked at once. */
export function putPaths(
  image: MemoryImage,
  { rootOf, nothing }: { rootOf: Int32Array; nothing: number },
  { depths }: TreeShapes,
  table: LeafTable,
  from: number,
  to: number,
): { start: number; count: number } {
  const trees: number[] = [];
  for (let tree = from; tree < to; tree++) trees.push(rootOf[tree], depths[tree], table.outputAt(tree), 0);
  while ((trees.length / 4) % WALKED !== 0) trees.push(nothing, 0, 0, 0);
  return { start: image.put(Uint32Array.from(trees)), count: to - from };
}
