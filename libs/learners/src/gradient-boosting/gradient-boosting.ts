import { setImmediate } from 'node:timers/promises';
import { classProbabilities } from '../class-probabilities.js';
import { balancedWeights } from '../class-weights.js';
import { binEdges } from '../data/bin-edges.js';
import { takeRows } from '../data/take-rows.js';
import { type RegressionData, rowsOf, type TrainingData } from '../data/training-data.js';
import type { Hyperparameters } from '../hyperparameters.js';
import { LearnerError } from '../learner.error.js';
import { stratifiedSplit } from '../stratified.js';
import type { TrainOptions } from '../train-options.js';
import { targetScale } from '../target-scale.js';
import { type FlatTree, leafOf } from '../tree/flat-tree.js';
import { allocateMemory } from './allocate-memory.js';
import { Arena } from './arena.js';
import type { BoostingMemory, BoostingRules } from './boosting-memory.js';
import { ThreadPool } from './thread-pool/thread-pool.js';
import { startHelpers, usefulThreads } from './thread-pool/start-helpers.js';
import { CODES } from './feature-bins.js';
import { exactLeafValue, exactMargin, exactValue } from './leaf-values.js';
import { meanLogLoss } from './log-loss.js';
import { packBins } from './pack-bins.js';
import { MAX_BOOSTING_ROWS } from './packed-gradients.js';
import { PHASE } from './phases/phase-work.js';
import { type LeafRules, TreeGrower } from './tree-grower.js';

/** Gradient-boosted trees (Friedman: "Greedy function approximation", 2001), with Newton steps. */
export interface GradientBoostingModel {
  readonly kind: 'gradient_boosting';
  readonly features: number;
  /** 0 in a regression. */
  readonly classes: number;
  /** Whether it accepts missing features (NaN). */
  readonly missing: boolean;
  readonly hyperparameters: Hyperparameters<'gradient_boosting'>;
  /** The initial margins of every row: one for two classes and for a regression, else one per class. */
  readonly start: Float32Array | Float64Array;
  /** Tree `t` adds to margin `t % start.length`. */
  readonly trees: readonly FlatTree[];
}

/** The differences between classification and regression. */
interface Loss {
  /** The initial margins of training, and of the final model. */
  readonly start: Float32Array;
  readonly answerStart: Float32Array | Float64Array;
  readonly leaves: Omit<LeafRules, 'learningRate'>;
  /** The mean loss of the final model's margins. */
  readonly meanLoss: (margins: Float64Array) => number;
}

/** Validation rows for early stopping, and the loss on them. */
export interface HeldOut {
  readonly data: TrainingData | RegressionData;
  /** Receives the mean loss after each round. */
  readonly losses: number[];
}

/** @param held replaces the validation share of the data */
export async function trainGradientBoosting(
  hyperparameters: Hyperparameters<'gradient_boosting'>,
  data: TrainingData | RegressionData,
  options: TrainOptions,
  held?: HeldOut,
): Promise<GradientBoostingModel> {
  const { validation_share: share, n_estimators: rounds, learning_rate: learningRate } = hyperparameters;
  if (rowsOf(data) > MAX_BOOSTING_ROWS) {
    throw new LearnerError(`there are ${rowsOf(data)} rows; gradient_boosting takes at most ${MAX_BOOSTING_ROWS}`);
  }
  const strata = 'targets' in data ? new Uint8Array(rowsOf(data)) : data.labels;
  const split = share > 0 ? stratifiedSplit(strata, share, options.seed) : undefined;
  const training = split ? takeRows(data, split.train) : data;
  const validation = held?.data ?? (split && takeRows(data, split.test));
  const classes = 'targets' in data ? 0 : data.classes;
  const work = rowsOf(training) * training.features.length * rounds * (classes > 2 ? classes : 1);
  const threads = usefulThreads(work, options.threads);
  const helpers = startHelpers(threads);
  try {
    const arena = new Arena();
    const edges = binEdges(training.features, CODES);
    const bins = packBins(arena, training.features, edges);
    const rules = rulesOf(hyperparameters, training);
    const { scaled, loss } = lossOf(training, validation, rounds, rules.classWeights);
    const memory = allocateMemory(arena, scaled, bins, rules, threads);
    const pool = new ThreadPool(arena, memory, helpers);
    fillRepeating(memory.margins, loss.start);
    const grower = new TreeGrower(memory, edges, { learningRate, ...loss.leaves }, pool);
    const trees = await boost(memory, grower, pool, { hyperparameters, loss, validation, held, ...options });
    const { length: features } = data.features;
    const missing = data.missing ?? false;
    return { kind: 'gradient_boosting', features, classes, missing, hyperparameters, start: loss.answerStart, trees };
  } finally {
    await Promise.all(helpers.map((helper) => helper.terminate()));
  }
}

/** The loss, and the data in training's form: targets as distances from their mean, at most 1. */
function lossOf(
  training: TrainingData | RegressionData,
  validation: TrainingData | RegressionData | undefined,
  rounds: number,
  weights: Float64Array,
): { scaled: TrainingData | RegressionData; loss: Loss } {
  if (!('targets' in training)) {
    const start = startMargins(training, weights);
    const leaves = { round: (value: number) => exactLeafValue(value, rounds), unit: 1, type: Float32Array };
    const labels = (validation as TrainingData | undefined)?.labels ?? [];
    const meanLoss = (margins: Float64Array): number =>
      meanLogLoss(classProbabilities(margins, training.classes), labels, training.classes);
    return { scaled: training, loss: { start, answerStart: start, leaves, meanLoss } };
  }
  const { mean, unit } = targetScale(training.targets);
  const targets = training.targets.map((target) => (target - mean) / unit);
  const held = (validation as RegressionData | undefined)?.targets ?? new Float64Array();
  return {
    scaled: { ...training, targets },
    loss: {
      start: new Float32Array(1),
      answerStart: Float64Array.of(mean),
      leaves: { round: exactValue, unit, type: Float64Array },
      meanLoss: (margins) => margins.reduce((sum, value, row) => sum + (value - held[row]) ** 2, 0) / held.length,
    },
  };
}

const rulesOf = (chosen: Hyperparameters<'gradient_boosting'>, data: TrainingData | RegressionData): BoostingRules => ({
  maxDepth: chosen.max_depth,
  minSamplesLeaf: chosen.min_samples_leaf,
  minChildWeight: chosen.min_child_weight,
  l2: chosen.l2,
  classWeights: chosen.class_weight === 'balanced' && !('targets' in data) ? balancedWeights(data) : new Float64Array(),
  missing: data.missing ?? false,
});

interface Boosting extends Pick<TrainOptions, 'onProgress' | 'signal'> {
  readonly hyperparameters: Hyperparameters<'gradient_boosting'>;
  readonly loss: Loss;
  /** Rows for early stopping. */
  readonly validation: TrainingData | RegressionData | undefined;
  readonly held: HeldOut | undefined;
}

/** Adds rounds until the validation loss has not improved for `patience` rounds. */
async function boost(
  { outputs, classes, shards }: BoostingMemory,
  grower: TreeGrower,
  pool: ThreadPool,
  { hyperparameters, loss, validation, held, onProgress, signal }: Boosting,
): Promise<FlatTree[]> {
  const { n_estimators: rounds, patience } = hyperparameters;
  const validationMargins = repeat(loss.answerStart, validation ? rowsOf(validation) : 0);
  const trees: FlatTree[] = [];
  let best = { rounds: 0, loss: Infinity };
  for (let round = 1; round <= rounds; round++) {
    await setImmediate();
    signal?.throwIfAborted();
    if (classes > 2) pool.run(PHASE.probabilities, shards.count, 0, 0);
    for (let output = 0; output < outputs; output++) {
      const tree = grower.grow(output);
      trees.push(tree);
      if (validation) addTree(tree, validation.features, validationMargins, outputs, output);
    }
    onProgress?.(round, rounds);
    if (validation) {
      const now = loss.meanLoss(validationMargins);
      held?.losses.push(now);
      if (now < best.loss) best = { rounds: round, loss: now };
      else if (round - best.rounds >= patience) break;
    }
  }
  return validation ? trees.slice(0, best.rounds * outputs) : trees;
}

/** The margins of the class shares, with one row added per class (Laplace), so that they are finite. */
function startMargins({ labels, classes }: TrainingData, weights: Float64Array): Float32Array {
  const outputs = classes === 2 ? 1 : classes;
  const counts = new Float64Array(classes).fill(1);
  for (const label of labels) counts[label]++;
  // Weighted counts; the added row keeps weight 1.
  weights.forEach((weight, c) => (counts[c] = 1 + (counts[c] - 1) * weight));
  const margins = outputs === 1 ? [Math.log(counts[1] / counts[0])] : Array.from(counts, Math.log);
  const shift = outputs === 1 ? 0 : Math.log(labels.length + classes);
  return Float32Array.from(margins, (margin) => exactMargin(margin - shift));
}

const repeat = (values: Float32Array | Float64Array, times: number): Float64Array =>
  fillRepeating(new Float64Array(values.length * times), values);

function fillRepeating<T extends Float32Array | Float64Array>(all: T, values: Float32Array | Float64Array): T {
  if (all.length > 0) all.set(values);
  for (let filled = values.length; filled < all.length; filled *= 2) all.copyWithin(filled, 0, filled);
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
