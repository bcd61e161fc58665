import { linker } from '../link.js';
import { COMPILED } from './compiled.js';

/** The walk of rows through trees, documented in `libs/kernels/assembly/trees`. */
export interface TreeKernels {
  /** @param plan where it is, in bytes */
  predict(plan: number, rows: number): void;
}

export const linkTreeKernels = linker<TreeKernels>(COMPILED);
