export { floorToFloat32 } from './float32.js';
export { ensembleLeaves, ensembleMargins, goesLeft } from './evaluate-ensemble.js';
export type { CalibratedModel, CalibratedPart, Calibrator } from './calibrated-model.js';
export type { LinearLink, LinearModel } from './linear-model.js';
export {
  calibratedClassifier,
  ensembleClassifier,
  ensembleRegressor,
  linearClassifier,
  linearRegressor,
} from './model-to-onnx.js';
export { COMPARISON, type Link, type TreeEnsemble } from './tree-ensemble.js';
export { type ClassLabels, serializeClassifier } from './onnx-classifier.js';
export { attribute, floatTensor, labelTensor, node, serializeModel, tensorInfo } from './onnx-graph.js';
export { externalFiles, withExternalData } from './external-data.js';
export { graphLabels, type Label } from './class-labels.js';
export { OnnxError } from './onnx.error.js';
export { parseModel } from './parse-model.js';
export { splitPoints } from './split-points.js';
export { unrankedInputs } from './unranked.js';
export { withCommonLocale } from './locale.js';
export { withoutZipMap } from './without-zip-map.js';
export { NumberList } from './number-list.js';
export { ELEMENT, type ScannedGraph, type ScannedNode, type ScannedTensor, scanModel } from './scan-model.js';
