import { balancedWeights } from '../class-weights.js';
import type { RegressionData, TrainingData } from '../data/training-data.js';
import type { Hyperparameters } from '../hyperparameters.js';
import type { TrainOptions } from '../train-options.js';
import type { FlatTree } from '../tree/flat-tree.js';
import type { GrowthRules } from './classification-tree.js';
import { growTrees } from './grow-trees.js';
import { meanStep, shareStep } from './leaf-values.js';

/** A random forest (Breiman: "Random forests", 2001); it averages class shares of leaves, as in scikit-learn. */
export interface RandomForestModel {
  readonly kind: 'random_forest';
  readonly features: number;
  /** 0 in a regression, whose leaves hold means of targets. */
  readonly classes: number;
  /** Whether it accepts missing features (NaN). */
  readonly missing: boolean;
  readonly hyperparameters: Hyperparameters<'random_forest'>;
  readonly trees: readonly FlatTree[];
}

export async function trainRandomForest(
  hyperparameters: Hyperparameters<'random_forest'>,
  data: TrainingData | RegressionData,
  options: TrainOptions,
): Promise<RandomForestModel> {
  const trees = await growTrees(data, rulesOf(hyperparameters, data), hyperparameters.n_estimators, options);
  const classes = 'targets' in data ? 0 : data.classes;
  const { length: features } = data.features;
  return { kind: 'random_forest', features, classes, missing: data.missing ?? false, hyperparameters, trees };
}

function rulesOf(hyperparameters: Hyperparameters<'random_forest'>, data: TrainingData | RegressionData): GrowthRules {
  const { max_features: features, n_estimators: trees } = hyperparameters;
  const available = data.features.length;
  return {
    bootstrap: hyperparameters.bootstrap,
    criterion: hyperparameters.criterion,
    maxDepth: hyperparameters.max_depth,
    minSamplesLeaf: hyperparameters.min_samples_leaf,
    maxFeatures: features === 'sqrt' ? Math.floor(Math.sqrt(available)) : features === 'all' ? available : features,
    classWeights: 'targets' in data ? new Float64Array() : weightsOf(hyperparameters, data),
    valueStep: 'targets' in data ? meanStep(data.targets, trees) : shareStep(trees),
  };
}

const weightsOf = ({ class_weight: by }: Hyperparameters<'random_forest'>, data: TrainingData): Float64Array =>
  by === 'balanced' ? balancedWeights(data) : new Float64Array(data.classes).fill(1);
