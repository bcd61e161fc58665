import type { LayoutMemory } from '#kernels';
import type { PlacedEnsemble } from './placed-ensemble.js';

/** Above it is no code: a leaf, its own left child, is never left. */
export const ALL_LEFT = 2 ** 22 - 1;

/**
 * The cells of a feature: between two of them lies a break, within one every node decides alike. Cell `c` holds the
 * numbers from the break before it (`breaks[c - 1]`) to below its own.
 */
export interface FeatureCells {
  readonly feature: number;
  /** Ascending numbers of the ensemble's input type. */
  readonly breaks: Float64Array;
  /** The cell of missing values: one of the others where each node sends them where it sends that, else one more. */
  readonly missing: number;
  /** Whether each node sends the cells up to one to the left and all others to the right, missing values too. */
  readonly isOrdered: boolean;
}

/** Where nodes stand among the cells of their features. */
export interface AskedCells {
  /** Of each feature that is asked, by feature ascending. */
  readonly cells: FeatureCells[];
  readonly room: BreaksRoom;
}

/** What nodes of a feature do, as `breaks.ts` of the kernels tells. */
const FACT = { missingRight: 1, missingLeft: 2, asksSet: 4, sendsAllLeft: 8 } as const;
/** What `breaks.ts` of the kernels sorts by: numbers of one digit, of which a float32 has three, and a float64 six. */
const BUCKETS = 2048;

/** Where `breaks.ts` of the kernels leaves what it finds, in bytes; documented by `Breaks` there. */
export interface BreaksRoom {
  readonly struct: number;
  readonly facts: number;
  /** Of each node, the last cell whose numbers go left, where it compares; of others {@link ALL_LEFT}. Uint32s. */
  readonly largest: number;
  readonly ends: number;
  readonly breaks: number;
}

/** Room for the breaks of some nodes, at most. */
export function roomForBreaks({ memory, features, input, codes }: PlacedEnsemble, nodes: number): BreaksRoom {
  const most = nodes + 2 * codes;
  const sizes = [features, 4 * nodes, 4 * features, 8 * most];
  const [facts, largest, ends, breaks] = sizes.map((bytes) => memory.reserve(bytes));
  const [keys, digits] = input === 'float64' ? [8 * most, 6] : [4 * most, 3];
  const scratch = [keys, 4 * most, keys, 4 * most, digits * 4 * BUCKETS].map((bytes) => memory.reserve(bytes));
  return { struct: memory.struct(facts, largest, ends, breaks, ...scratch), facts, largest, ends, breaks };
}

/** Where the nodes part the features. */
export function featureCells(ensemble: PlacedEnsemble, struct: number): AskedCells {
  const { memory, nodes, features } = ensemble;
  const room = roomForBreaks(ensemble, nodes);
  memory.kernels.breaks(struct, 0, nodes, room.struct, ALL_LEFT);
  return { cells: cellsIn(memory, room, features), room };
}

function cellsIn(memory: LayoutMemory, room: BreaksRoom, features: number): FeatureCells[] {
  const facts = memory.bytes(room.facts, features);
  const ends = memory.int32s(room.ends, features);
  const cells: FeatureCells[] = [];
  for (let f = 0; f < features; f++) {
    const fact = facts[f];
    if (fact === 0) continue;
    const before = f === 0 ? 0 : ends[f - 1];
    const breaks = memory.float64s(room.breaks + 8 * before, ends[f] - before).slice();
    const goesRight = (fact & FACT.missingLeft) === 0;
    const isAlike = goesRight || (fact & FACT.missingRight) === 0;
    // Nothing is below -Infinity, but missing values may go there; nor does one that goes right where all numbers go left.
    const isOrdered =
      isAlike &&
      (fact & FACT.asksSet) === 0 &&
      !(goesRight && (fact & FACT.sendsAllLeft) > 0) &&
      breaks[0] !== -Infinity;
    const missing = isOrdered ? (goesRight ? breaks.length : 0) : breaks.length + 1;
    cells.push({ feature: f, breaks, missing, isOrdered });
  }
  return cells;
}

/** Cells of a feature, that of missing values too. */
export const cellCount = ({ breaks, isOrdered }: FeatureCells): number => breaks.length + (isOrdered ? 1 : 2);

/** A number of a cell; NaN of that of missing values alone. */
export const numberIn = ({ breaks }: Pick<FeatureCells, 'breaks'>, cell: number): number =>
  cell > breaks.length ? NaN : cell === 0 ? -Infinity : breaks[cell - 1];
