export { addRows, addSums, addCounts, countRows, subtractCounts, subtractSums } from './histograms';
export { addToAll, addToSides, partition } from './orders';
export { deriveOneClass, deriveTwoClasses, exponential, setProbabilities } from './gradients';
export { pack } from './packed';
export { findSplit } from './splits';
