export { type BoostingKernels, linkBoostingKernels } from './boosting/boosting-kernels.js';
export { type JsonKernels, linkJsonKernels } from './json/json-kernels.js';
export { linkLayoutKernels } from './layout/layout-kernels.js';
export { linkTreeKernels } from './trees/tree-kernels.js';
