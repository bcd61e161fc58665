export { layBitVectors } from './bit-vectors';
export { breaks } from './breaks';
export { placeCodes } from './codes';
export { areAlike, bytesOf, numbers, texts } from './lists';
export { children, leafPlaces, numberNodes, runs, treeSizes } from './node-index';
export {
  areAllFrom0,
  askSets,
  countNodes,
  countWeights,
  firstOutputs,
  flagLeaves,
  narrow,
  orderNodes,
  sortWeights,
  sumLeaves,
} from './order';
export { layPaths } from './paths';
export { layLeaves, layPerfect } from './perfect';
export { layRanks, rankCells, shareSlots } from './ranks';
export { shapes } from './shapes';
