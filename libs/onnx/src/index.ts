export { floorToFloat32 } from './float32.js';
export { type ClassLabels, serializeClassifier } from './onnx-classifier.js';
export {
  attribute,
  cast,
  doubleTensor,
  floatTensor,
  labelTensor,
  node,
  serializeModel,
  tensorInfo,
} from './onnx-graph.js';
export { probabilityNodes } from './onnx-probabilities.js';
export { nodeAttributes } from './onnx-trees.js';
export { externalFiles, withExternalData } from './external-data.js';
export { graphLabels, type Label } from './class-labels.js';
export { OnnxError } from './onnx.error.js';
export { parseModel } from './parse-model.js';
export { splitPoints } from './split-points.js';
export { unrankedInputs } from './unranked.js';
export { withCommonLocale } from './locale.js';
export { withoutZipMap } from './without-zip-map.js';
