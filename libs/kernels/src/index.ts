export { type BoostingKernels, linkBoostingKernels } from './boosting/boosting-kernels.js';
export { linkTreeKernels } from './trees/tree-kernels.js';
