import { setImmediate } from 'node:timers/promises';
import { classProbabilities } from '../class-probabilities.js';
import { takeRows } from '../data/take-rows.js';
import type { TrainingData } from '../data/training-data.js';
import type { Hyperparameters } from '../hyperparameters.js';
import { LearnerError } from '../learner.error.js';
import { stratifiedSplit } from '../stratified.js';
import type { TrainOptions } from '../train-options.js';
import { type FlatTree, leafOf } from '../tree/flat-tree.js';
import { binRows } from './binned-rows.js';
import { exactMargin } from './leaf-values.js';
import { deriveLogLoss, meanLogLoss } from './log-loss.js';
import { MAX_BOOSTING_ROWS } from './packed-gradients.js';
import { RegressionTreeGrower } from './regression-tree.js';

/** Trees that each correct those before it (Friedman: "Greedy function approximation", 2001; Newton steps). */
export interface GradientBoostingModel {
  readonly kind: 'gradient_boosting';
  readonly features: number;
  readonly classes: number;
  readonly hyperparameters: Hyperparameters<'gradient_boosting'>;
  /** The margins that every row starts with: one for two classes, else one a class. */
  readonly start: Float32Array;
  /** Tree `t` adds to margin `t % start.length`. */
  readonly trees: readonly FlatTree[];
}

export async function trainGradientBoosting(
  hyperparameters: Hyperparameters<'gradient_boosting'>,
  data: TrainingData,
  { seed, onProgress, signal }: TrainOptions,
): Promise<GradientBoostingModel> {
  const { n_estimators: rounds, validation_share: share, patience } = hyperparameters;
  if (data.labels.length > MAX_BOOSTING_ROWS) {
    throw new LearnerError(
      `there are ${data.labels.length} rows; gradient_boosting takes at most ${MAX_BOOSTING_ROWS}`,
    );
  }
  const split = share > 0 ? stratifiedSplit(data.labels, share, seed) : undefined;
  const training = split ? takeRows(data, split.train) : data;
  const validation = split && takeRows(data, split.test);
  const grower = new RegressionTreeGrower(binRows(training.features), {
    rounds,
    learningRate: hyperparameters.learning_rate,
    maxDepth: hyperparameters.max_depth,
    minSamplesLeaf: hyperparameters.min_samples_leaf,
    l2: hyperparameters.l2,
  });
  const { classes } = data;
  const outputs = classes === 2 ? 1 : classes;
  const start = startMargins(training, outputs);
  const margins = repeat(start, training.labels.length);
  const validationMargins = repeat(start, validation?.labels.length ?? 0);
  const gradients = new Float32Array(2 * training.labels.length);
  const trees: FlatTree[] = [];
  let best = { rounds: 0, loss: Infinity };

  for (let round = 1; round <= rounds; round++) {
    await setImmediate();
    signal?.throwIfAborted();
    const probabilities = classProbabilities(margins, classes);
    for (let output = 0; output < outputs; output++) {
      deriveLogLoss(probabilities, training.labels, classes, classes === 2 ? 1 : output, gradients);
      const tree = grower.grow(gradients, (value, rows, from, to) => {
        for (let i = from; i < to; i++) margins[rows[i] * outputs + output] += value;
      });
      trees.push(tree);
      if (validation) addTree(tree, validation.features, validationMargins, outputs, output);
    }
    onProgress?.(round, rounds);
    if (validation) {
      const now = meanLogLoss(classProbabilities(validationMargins, classes), validation.labels, classes);
      if (now < best.loss) best = { rounds: round, loss: now };
      else if (round - best.rounds >= patience) break;
    }
  }
  const kept = validation ? trees.slice(0, best.rounds * outputs) : trees;
  const { length: features } = data.features;
  return { kind: 'gradient_boosting', features, classes, hyperparameters, start, trees: kept };
}

/** The margins of the classes' shares, each class counted once more than it is there: absent ones stay finite. */
function startMargins({ labels, classes }: TrainingData, outputs: number): Float32Array {
  const counts = new Float64Array(classes).fill(1);
  for (const label of labels) counts[label]++;
  const margins = outputs === 1 ? [Math.log(counts[1] / counts[0])] : Array.from(counts, Math.log);
  const shift = outputs === 1 ? 0 : Math.log(labels.length + classes);
  return Float32Array.from(margins, (margin) => exactMargin(margin - shift));
}

function repeat(values: Float32Array, times: number): Float64Array {
  const all = new Float64Array(values.length * times);
  for (let i = 0; i < all.length; i++) all[i] = values[i % values.length];
  return all;
}

function addTree(
  tree: FlatTree,
  columns: readonly Float32Array[],
  margins: Float64Array,
  outputs: number,
  output: number,
): void {
  for (let row = 0, at = output; at < margins.length; row++, at += outputs) {
    margins[at] += tree.value[leafOf(tree, columns, row)];
  }
}

/** Sigmoid or softmax of the sums of the leaves' values. */
export function boostingProbabilities(model: GradientBoostingModel, columns: readonly Float32Array[]): Float64Array {
  const outputs = model.start.length;
  const margins = repeat(model.start, columns[0].length);
  model.trees.forEach((tree, t) => addTree(tree, columns, margins, outputs, t % outputs));
  return classProbabilities(margins, model.classes);
}
