import { COMPARISON } from '#onnx';
import { ALL_LEFT, type AskedCells, cellCount, type FeatureCells, numberIn } from './feature-cells.js';
import { type PlacedEnsemble, questionsOf } from './placed-ensemble.js';

const MOST_CODES = 2 ** 14;
const NOT_KNOWN = -1;

/** Codes that nodes compare with their own: those of rows are made from cells, by a table for each where they differ. */
export interface Codes {
  /** None where codes are cells. */
  readonly tables: readonly { readonly place: number; readonly codes: Uint32Array }[];
  /** Where these are of each node in the memory of layouts: uint16s, four times its code, and uint32s, the largest that goes left. */
  readonly places: { readonly place: number; readonly largest: number };
}

/** @returns what keeps the ensemble from this layout, in words */
export function codesOf(ensemble: PlacedEnsemble, struct: number, { cells, room }: AskedCells): Codes | string {
  const { memory, nodes, features } = ensemble;
  const { largest } = room;
  if (cells.some(({ breaks }) => breaks.length >= ALL_LEFT - 1)) {
    return `splits a feature at ${ALL_LEFT - 1} places or more`;
  }
  const places = new Int32Array(features);
  cells.forEach(({ feature }, place) => (places[feature] = place));
  const derived = cells.some(({ isOrdered }) => !isOrdered);
  const tables = new CodeTables(cells);
  const tooMany = `asks ${MOST_CODES} features and sets of categories or more`;
  if (!derived && cells.length > MOST_CODES) return tooMany;
  // Of nodes that send missing values to the right, and to the left.
  const codeOf = new Int32Array(2 * features).fill(NOT_KNOWN);
  if (!derived) for (const { feature } of cells) codeOf.fill(places[feature], 2 * feature, 2 * feature + 2);
  const place = memory.reserve(2 * nodes);
  const codesAt = memory.put(codeOf);
  for (let node = 0; ; node++) {
    node = memory.kernels.placeCodes(struct, node, codesAt, place);
    if (node === nodes) break;
    const { feature, comparison, missingLeft, setStart, setCodes } = questionsOf(ensemble);
    const own = places[feature[node]];
    const goesLeft = missingLeft[node] === 1;
    let code: number;
    if (comparison[node] === COMPARISON.member) {
      code = tables.ofSet(own, goesLeft, setCodes.subarray(setStart[node], setStart[node + 1]));
      memory.int32s(largest, nodes)[node] = 0;
    } else {
      code = tables.ofNumbers(own, goesLeft);
      const known = memory.int32s(codesAt, 2 * features);
      for (const side of cells[own].isOrdered ? [0, 1] : [Number(goesLeft)]) known[2 * feature[node] + side] = code;
    }
    if (code >= MOST_CODES) return tooMany;
    new Uint16Array(memory.bytes(place, 2 * nodes).buffer, place, nodes)[node] = 4 * code;
  }
  return { tables: tables.all, places: { place, largest } };
}

/** Tables from cells to codes, each once. */
class CodeTables {
  readonly all: { readonly place: number; readonly codes: Uint32Array }[] = [];
  private readonly known = new Map<string, number>();

  constructor(private readonly cells: readonly FeatureCells[]) {}

  ofSet(own: number, missingLeft: boolean, set: Int32Array): number {
    return this.of(`${own} ${Number(missingLeft)} ${set.join()}`, own, (cell) => {
      const x = numberIn(this.cells[own], cell);
      return Number(!(Number.isNaN(x) ? missingLeft : set.includes(x)));
    });
  }

  ofNumbers(own: number, missingLeft: boolean): number {
    const { breaks, isOrdered } = this.cells[own];
    // To the right of a node even where all numbers go left.
    const missing = missingLeft ? 0 : ALL_LEFT;
    const codeOf = (cell: number): number => (cell > breaks.length ? missing : cell);
    return this.of(`${own} ${isOrdered ? '' : Number(missingLeft)}`, own, codeOf);
  }

  private of(key: string, place: number, codeOf: (cell: number) => number): number {
    let table = this.known.get(key);
    if (table !== undefined) return table;
    const codes = Uint32Array.from({ length: cellCount(this.cells[place]) }, (_, cell) => codeOf(cell));
    table = this.all.push({ place, codes }) - 1;
    this.known.set(key, table);
    return table;
  }
}
