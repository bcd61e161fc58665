export { type BoostingKernels, linkBoostingKernels } from './boosting/boosting-kernels.js';
export { JsonMemory } from './json/json-memory.js';
export { LayoutMemory } from './layout/layout-memory.js';
export { linkTreeKernels } from './trees/tree-kernels.js';
