export { addRows, addSums, addCounts, countRows, subtractCounts, subtractSums } from './histograms';
export { addToAll, addToSides, partition } from './orders';
export { deriveOneClass, deriveSquares, deriveTwoClasses, exponential, setProbabilities, weigh } from './gradients';
export { pack, packBoth } from './packed';
export { findSplit } from './splits';
