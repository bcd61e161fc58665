import { linker } from '../link.js';
import { COMPILED } from './compiled.js';

/** Rows of JSON that are read, answered and recorded, documented in `libs/kernels/assembly/json`. All arrays are places in bytes. */
export interface JsonKernels {
  rows(
    plan: number,
    fields: number,
    at: number,
    values: number,
    width: number,
    most: number,
    firstColumn: number,
    end: number,
  ): number;
  answers(
    texts: number,
    classes: number,
    probabilities: number,
    ids: number,
    rows: number,
    hasComma: boolean,
    at: number,
  ): number;
  ids(given: number, rows: number, at: number): number;
  scores(given: number, rows: number, at: number, stopped: number): number;
  tokens(at: number, slots: number): void;
  remember(column: number, at: number, end: number, number: number): number;
}

export const linkJsonKernels = linker<JsonKernels>(COMPILED);
