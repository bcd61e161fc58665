export { GraphKernel } from './graph/graph-kernel.js';
export { probeRows } from './probe-rows.js';
