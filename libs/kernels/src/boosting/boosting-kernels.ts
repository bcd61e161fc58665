import { linker } from '../link.js';
import { COMPILED } from './compiled.js';

/**
 * The loops over rows and bins, documented in `libs/kernels/assembly/boosting`: WebAssembly, as all threads share what is compiled
 * of it, and need not run it for a while before it is fast. Arrays are addresses in bytes.
 */
export interface BoostingKernels {
  setProbabilities(margins: number, probabilities: number, classes: number, rows: number): void;
  deriveTwoClasses(margins: number, labels: number, packed: number, sums: number, rows: number): void;
  deriveOneClass(
    probabilities: number,
    labels: number,
    classes: number,
    output: number,
    packed: number,
    sums: number,
    rows: number,
  ): void;
  deriveSquares(margins: number, targets: number, packed: number, curvatures: number, sums: number, rows: number): void;
  weigh(
    labels: number,
    weights: number,
    packed: number,
    curvatures: number,
    factor: number,
    sums: number,
    rows: number,
  ): void;
  packBoth(
    packed: number,
    curvatures: number,
    order: number,
    first: number,
    perGradient: number,
    perCurvature: number,
    rows: number,
  ): number;
  pack(
    packed: number,
    order: number,
    first: number,
    perGradient: number,
    perCurvature: number,
    factor: number,
    rows: number,
  ): number;
  addRows(
    sums: number,
    packed: number,
    order: number,
    end: number,
    words: number,
    rowBytes: number,
    columns: number,
  ): void;
  countRows(counts: number, order: number, end: number, bytes: number, rowBytes: number, columns: number): void;
  addSums(to: number, from: number, bytes: number): void;
  addCounts(to: number, from: number, bytes: number): void;
  subtractSums(to: number, from: number, bytes: number): void;
  subtractCounts(to: number, from: number, bytes: number): void;
  findSplit(
    sums: number,
    counts: number,
    features: number,
    columns: number,
    divisors: number,
    codes: number,
    shared: number,
    bins: number,
    missing: number,
    ownSums: number,
    ownCounts: number,
    sum: number,
    rows: number,
    minRows: number,
    minCurvature: number,
    l2: number,
    steps: number,
    found: number,
  ): void;
  addToAll(order: number, end: number, margins: number, marginBytes: number, value: number): void;
  addToSides(
    order: number,
    end: number,
    margins: number,
    marginBytes: number,
    codes: number,
    rowBytes: number,
    sides: number,
    values: number,
  ): void;
  partition(order: number, end: number, target: number, codes: number, rowBytes: number, sides: number): number;
  exponential(x: number): number;
}

export const linkBoostingKernels = linker<BoostingKernels>(COMPILED);
