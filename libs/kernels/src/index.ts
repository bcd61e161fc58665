export { type BoostingKernels, linkBoostingKernels } from './boosting/boosting-kernels.js';
export { type JsonKernels, linkJsonKernels } from './json/json-kernels.js';
export { LayoutMemory } from './layout/layout-memory.js';
export { linkTreeKernels } from './trees/tree-kernels.js';
