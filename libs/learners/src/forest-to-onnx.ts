import { ensembleClassifier } from '#onnx';
import type { Forest } from './forest.js';
import { joinTrees } from './tree/join-trees.js';

/**
 * Writes a forest as ONNX: `features` float32 [N, features] -> `probabilities` float32 [N, classes] and `label`
 * int64 or string [N].
 */
export function forestToOnnx({ classes, feature_names: names, trees }: Forest): Uint8Array {
  const ensemble = {
    features: names.length,
    outputs: classes.length,
    input: 'float32',
    ...joinTrees(trees, classes.length, ({ value }, node) => value[node]),
    firstOutput: new Int32Array(trees.length),
    baseValues: new Float64Array(classes.length),
    join: 'mean',
    link: 'identity',
  } as const;
  return ensembleClassifier(ensemble, classes, 'float32');
}
