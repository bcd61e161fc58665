import { setImmediate } from 'node:timers/promises';
import { classProbabilities } from '../class-probabilities.js';
import { binEdges } from '../data/bin-edges.js';
import { takeRows } from '../data/take-rows.js';
import type { TrainingData } from '../data/training-data.js';
import type { Hyperparameters } from '../hyperparameters.js';
import { LearnerError } from '../learner.error.js';
import { stratifiedSplit } from '../stratified.js';
import type { TrainOptions } from '../train-options.js';
import { type FlatTree, leafOf } from '../tree/flat-tree.js';
import { allocateMemory } from './allocate-memory.js';
import { Arena } from './arena.js';
import type { BoostingMemory, BoostingRules } from './boosting-memory.js';
import { ThreadPool } from './thread-pool/thread-pool.js';
import { startHelpers, usefulThreads } from './thread-pool/start-helpers.js';
import { CODES } from './feature-bins.js';
import { exactMargin } from './leaf-values.js';
import { meanLogLoss } from './log-loss.js';
import { packBins } from './pack-bins.js';
import { MAX_BOOSTING_ROWS } from './packed-gradients.js';
import { PHASE } from './phases/phase-work.js';
import { TreeGrower } from './tree-grower.js';

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
  options: TrainOptions,
): Promise<GradientBoostingModel> {
  const { validation_share: share } = hyperparameters;
  if (data.labels.length > MAX_BOOSTING_ROWS) {
    throw new LearnerError(
      `there are ${data.labels.length} rows; gradient_boosting takes at most ${MAX_BOOSTING_ROWS}`,
    );
  }
  const split = share > 0 ? stratifiedSplit(data.labels, share, options.seed) : undefined;
  const training = split ? takeRows(data, split.train) : data;
  const validation = split && takeRows(data, split.test);
  const { classes } = data;
  const trees = hyperparameters.n_estimators * (classes === 2 ? 1 : classes);
  const work = training.labels.length * training.features.length * trees;
  const threads = usefulThreads(work, options.threads);
  const helpers = startHelpers(threads);
  try {
    const arena = new Arena();
    const edges = binEdges(training.features, CODES);
    const bins = packBins(arena, training.features, edges);
    const memory = allocateMemory(arena, training, bins, rulesOf(hyperparameters), threads);
    const pool = new ThreadPool(arena, memory, helpers);
    const start = startMargins(training, memory.outputs);
    fillRepeating(memory.margins, start);
    const leaves = { rounds: hyperparameters.n_estimators, learningRate: hyperparameters.learning_rate };
    const grower = new TreeGrower(memory, edges, leaves, pool);
    const grown = await boost(memory, grower, pool, { hyperparameters, start, validation, ...options });
    return { kind: 'gradient_boosting', features: data.features.length, classes, hyperparameters, start, trees: grown };
  } finally {
    await Promise.all(helpers.map((helper) => helper.terminate()));
  }
}

const rulesOf = (chosen: Hyperparameters<'gradient_boosting'>): BoostingRules => ({
  maxDepth: chosen.max_depth,
  minSamplesLeaf: chosen.min_samples_leaf,
  minChildWeight: chosen.min_child_weight,
  l2: chosen.l2,
});

interface Boosting extends Pick<TrainOptions, 'onProgress' | 'signal'> {
  readonly hyperparameters: Hyperparameters<'gradient_boosting'>;
  readonly start: Float32Array;
  /** Rows that say when to stop. */
  readonly validation: TrainingData | undefined;
}

/** Round after round, until the validation loss has not fallen for a while. */
async function boost(
  { outputs, classes, shards }: BoostingMemory,
  grower: TreeGrower,
  pool: ThreadPool,
  { hyperparameters, start, validation, onProgress, signal }: Boosting,
): Promise<FlatTree[]> {
  const { n_estimators: rounds, patience } = hyperparameters;
  const validationMargins = repeat(start, validation?.labels.length ?? 0);
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
      const now = meanLogLoss(classProbabilities(validationMargins, classes), validation.labels, classes);
      if (now < best.loss) best = { rounds: round, loss: now };
      else if (round - best.rounds >= patience) break;
    }
  }
  return validation ? trees.slice(0, best.rounds * outputs) : trees;
}

/** The margins of the classes' shares, each class counted once more than it is there: absent ones stay finite. */
function startMargins({ labels, classes }: TrainingData, outputs: number): Float32Array {
  const counts = new Float64Array(classes).fill(1);
  for (const label of labels) counts[label]++;
  const margins = outputs === 1 ? [Math.log(counts[1] / counts[0])] : Array.from(counts, Math.log);
  const shift = outputs === 1 ? 0 : Math.log(labels.length + classes);
  return Float32Array.from(margins, (margin) => exactMargin(margin - shift));
}

const repeat = (values: Float32Array, times: number): Float64Array =>
  fillRepeating(new Float64Array(values.length * times), values);

function fillRepeating<T extends Float32Array | Float64Array>(all: T, values: Float32Array): T {
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

/** Sigmoid or softmax of the sums of the leaves' values. */
export function boostingProbabilities(model: GradientBoostingModel, columns: readonly Float32Array[]): Float64Array {
  const outputs = model.start.length;
  const margins = repeat(model.start, columns[0].length);
  model.trees.forEach((tree, t) => addTree(tree, columns, margins, outputs, t % outputs));
  return classProbabilities(margins, model.classes);
}
