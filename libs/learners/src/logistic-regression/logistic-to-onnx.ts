import { cast, type ClassLabels, doubleTensor, node, probabilityNodes, serializeClassifier } from '#onnx';
import type { LogisticRegressionModel } from './logistic-regression.js';

/** Writes the linear margins as a float64 `MatMul`: in float32 a sum of large terms loses more than 1e-6. */
export function logisticToOnnx(model: LogisticRegressionModel, classes: ClassLabels): Uint8Array {
  const outputs = model.intercepts.length;
  const byFeature = Array.from({ length: model.features }, (_, f) => model.coefficients.map((margin) => margin[f]));
  return serializeClassifier({
    name: 'logistic_regression',
    features: model.features,
    classes,
    initializer: [
      doubleTensor('coefficients', [model.features, outputs], byFeature.flat()),
      doubleTensor('intercepts', [outputs], [...model.intercepts]),
      doubleTensor('one', [], [1]),
    ],
    node: [
      cast('DOUBLE', 'features', 'features_64'),
      node('MatMul', ['features_64', 'coefficients'], ['terms']),
      node('Add', ['terms', 'intercepts'], ['margins']),
      ...probabilityNodes(outputs, 'probabilities_64'),
      cast('FLOAT', 'probabilities_64', 'probabilities'),
    ],
  });
}
