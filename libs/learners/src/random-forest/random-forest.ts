import type { TrainingData } from '../data/training-data.js';
import type { Hyperparameters } from '../hyperparameters.js';
import type { TrainOptions } from '../train-options.js';
import { type FlatTree, leafOf } from '../tree/flat-tree.js';
import type { GrowthRules } from './classification-tree.js';
import { growTrees } from './grow-trees.js';
import { shareStep } from './leaf-shares.js';

/** Trees that vote with the class shares of their leaves (Breiman: "Random forests", 2001; shares as scikit-learn). */
export interface RandomForestModel {
  readonly kind: 'random_forest';
  readonly features: number;
  readonly classes: number;
  readonly hyperparameters: Hyperparameters<'random_forest'>;
  readonly trees: readonly FlatTree[];
}

export async function trainRandomForest(
  hyperparameters: Hyperparameters<'random_forest'>,
  data: TrainingData,
  options: TrainOptions,
): Promise<RandomForestModel> {
  const rules = rulesOf(hyperparameters, data);
  const trees = await growTrees(data, rules, hyperparameters.n_estimators, options);
  return { kind: 'random_forest', features: data.features.length, classes: data.classes, hyperparameters, trees };
}

function rulesOf(hyperparameters: Hyperparameters<'random_forest'>, data: TrainingData): GrowthRules {
  const { max_features: features, class_weight: classWeight } = hyperparameters;
  const available = data.features.length;
  return {
    bootstrap: hyperparameters.bootstrap,
    criterion: hyperparameters.criterion,
    maxDepth: hyperparameters.max_depth,
    minSamplesLeaf: hyperparameters.min_samples_leaf,
    maxFeatures: features === 'sqrt' ? Math.floor(Math.sqrt(available)) : features === 'all' ? available : features,
    classWeights: classWeight === 'balanced' ? balancedWeights(data) : new Float64Array(data.classes).fill(1),
    shareStep: shareStep(hyperparameters.n_estimators),
  };
}

/** `rows / (classes * rows of the class)`, as scikit-learn weighs them; absent classes weigh nothing. */
function balancedWeights({ labels, classes }: TrainingData): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]++;
  return counts.map((count) => (count > 0 ? labels.length / (classes * count) : 0));
}

/** The mean of the leaves' class shares. */
export function forestModelProbabilities(model: RandomForestModel, columns: readonly Float32Array[]): Float64Array {
  const { classes, trees } = model;
  const rows = columns[0].length;
  const sums = new Float64Array(rows * classes);
  for (const tree of trees) {
    for (let row = 0; row < rows; row++) {
      const leaf = leafOf(tree, columns, row) * classes;
      for (let c = 0; c < classes; c++) sums[row * classes + c] += tree.value[leaf + c];
    }
  }
  return sums.map((sum) => sum / trees.length);
}
