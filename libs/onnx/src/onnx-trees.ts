import { floorToFloat32 } from './float32.js';
import { attribute } from './onnx-graph.js';
import type { AttributeProto } from 'onnx-buf';

/** A tree's nodes in parallel arrays; a leaf has `left[i] === -1`, and a row goes left iff `x <= threshold`. */
export interface TreeNodes {
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
}

/** Flattens trees into the `nodes_*` attributes that the tree ensembles of ai.onnx.ml take. */
export function nodeAttributes(trees: readonly TreeNodes[]): AttributeProto[] {
  const modes: string[] = [];
  const [treeIds, nodeIds, features, lefts, rights, thresholds]: number[][] = [[], [], [], [], [], []];
  trees.forEach(({ feature, threshold, left, right }, t) => {
    for (let i = 0; i < left.length; i++) {
      const leaf = left[i] === -1;
      treeIds.push(t);
      nodeIds.push(i);
      modes.push(leaf ? 'LEAF' : 'BRANCH_LEQ');
      features.push(leaf ? 0 : feature[i]);
      thresholds.push(leaf ? 0 : floorToFloat32(threshold[i]));
      lefts.push(leaf ? 0 : left[i]);
      rights.push(leaf ? 0 : right[i]);
    }
  });
  return [
    attribute.ints('nodes_treeids', treeIds),
    attribute.ints('nodes_nodeids', nodeIds),
    attribute.ints('nodes_featureids', features),
    attribute.floats('nodes_values', thresholds),
    attribute.strings('nodes_modes', modes),
    attribute.ints('nodes_truenodeids', lefts),
    attribute.ints('nodes_falsenodeids', rights),
  ];
}
