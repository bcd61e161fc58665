import { linker } from '../link.js';
import { COMPILED } from './compiled.js';

/**
 * How trees are read and laid out, documented in `libs/kernels/assembly/layout`. Arrays and structs are places in bytes; the
 * fields of a struct have four bytes each.
 */
export interface LayoutKernels {
  numbers(cursor: number, tag: number, kind: number): number;
  texts(cursor: number, tag: number, known: number, count: number): void;
  bytesOf(places: number, count: number, numberOf: number, to: number): void;
  areAlike(numbers: number, count: number): number;
  runs(ids: number, count: number, starts: number): number;
  treeSizes(index: number, numbers: number, sizes: number): number;
  numberNodes(index: number, numbers: number): number;
  children(index: number, numbers: number, modes: number): number;
  leafPlaces(index: number, runs: number, runStart: number, runTree: number, numbers: number, modes: number): number;
  areAllFrom0(values: number, count: number, isDouble: number): number;
  askSets(modes: number, count: number): number;
  narrow(numbers: number, count: number, to: number): void;
  flagLeaves(numbers: number, flags: number, count: number, to: number): void;
  countWeights(places: number, weights: number, leafPlaces: number, starts: number): number;
  sortWeights(
    places: number,
    weights: number,
    next: number,
    outputs: number,
    values: number,
    isDouble: number,
    toOutputs: number,
    toValues: number,
  ): void;
  countNodes(listed: number, most: number, stack: number, codes: number): number;
  orderNodes(listed: number, ensemble: number, stack: number, taken: number): number;
  firstOutputs(listed: number, ensemble: number, taken: number, outputs: number): number;
  sumLeaves(listed: number, ensemble: number, taken: number, isSingle: boolean): void;
  shapes(ensemble: number, leaves: number, heights: number, firstLeaf: number): void;
  breaks(ensemble: number, from: number, to: number, found: number, allLeft: number): void;
  placeCodes(ensemble: number, from: number, codeOf: number, places: number): number;
  layLeaves(ensemble: number, firstLeaf: number, isWide: boolean, values: number): void;
  layPaths(
    ensemble: number,
    places: number,
    largest: number,
    firstLeaf: number,
    allLeft: number,
    nothingLeaf: number,
    queue: number,
    rootOf: number,
    nodes: number,
    leaves: number,
  ): void;
  layPerfect(
    ensemble: number,
    places: number,
    largest: number,
    allLeft: number,
    depth: number,
    isWide: boolean,
    from: number,
    to: number,
    heap: number,
    nodes: number,
    values: number,
  ): void;
  layBitVectors(
    ensemble: number,
    all: number,
    own: number,
    isOrdered: number,
    bounds: number,
    leaves: number,
    firstLeaf: number,
    first: number,
    last: number,
    lineStart: number,
    asked: number,
    lineOfCell: number,
    lines: number,
  ): number;
  shareSlots(
    ensemble: number,
    places: number,
    largest: number,
    bounds: number,
    codes: number,
    own: number,
    current: number,
    slotOf: number,
    slots: number,
  ): number;
  rankCells(slot: number, table: number, cells: number, ranks: number): void;
  layRanks(
    ensemble: number,
    largest: number,
    leaves: number,
    firstLeaf: number,
    slotOf: number,
    slots: number,
    placeOf: number,
    stack: number,
    nodes: number,
    ends: number,
  ): void;
}

export const linkLayoutKernels = linker<LayoutKernels>(COMPILED);
