export { GraphKernel } from './graph/graph-kernel.js';
export { numberAbove } from './next-number.js';
export { probeRows } from './probe-rows.js';
export { TreeKernel } from './tree-kernel.js';
