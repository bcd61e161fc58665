import { linker } from '../link.js';
import { COMPILED } from './compiled.js';

/** What a layout of trees is made of, documented in `libs/kernels/assembly/layout`. All arrays are places in bytes. */
export interface LayoutKernels {
  shapes(
    nodes: number,
    left: number,
    right: number,
    roots: number,
    trees: number,
    leaves: number,
    heights: number,
    firstLeaf: number,
  ): void;
  breaks(plan: number, nodes: number, features: number, allLeft: number, isWide: boolean): void;
}

export const linkLayoutKernels = linker<LayoutKernels>(COMPILED);
