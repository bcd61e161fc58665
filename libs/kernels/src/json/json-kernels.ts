import { linker } from '../link.js';
import { COMPILED } from './compiled.js';

/** Rows of JSON, documented in `libs/kernels/assembly/json`. All arrays are places in bytes. */
export interface JsonKernels {
  rows(plan: number, fields: number, at: number, values: number, width: number, most: number, end: number): number;
  remember(column: number, at: number, end: number, number: number): void;
}

export const linkJsonKernels = linker<JsonKernels>(COMPILED);
