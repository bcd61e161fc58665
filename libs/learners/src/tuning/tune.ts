import { type RegressionData, rowsOf, type TrainingData } from '../data/training-data.js';
import { takeRows } from '../data/take-rows.js';
import { trainGradientBoosting } from '../gradient-boosting/gradient-boosting.js';
import { meanLogLoss } from '../gradient-boosting/log-loss.js';
import { type Hyperparameters, type LearnerSpec, resolveHyperparameters } from '../hyperparameters.js';
import { LearnerError } from '../learner.error.js';
import { predictProbabilities, predictValues } from '../predict.js';
import { type RowSplit, stratifiedFolds } from '../stratified.js';
import { trainModel } from '../train-model.js';
import type { TrainOptions } from '../train-options.js';

type Boosting = Hyperparameters<'gradient_boosting'>;
type Forest = Hyperparameters<'random_forest'>;

/** What to train: a learner, or the one that does best. */
export type WantedLearner =
  LearnerSpec | { readonly kind: 'auto'; readonly hyperparameters?: Readonly<Record<string, never>> };

/** From shallow trees for few rows to deep ones for many: as many questions as the rows can answer. */
const BOOSTING: readonly Partial<Boosting>[] = [
  { max_depth: 2, min_samples_leaf: 5, min_child_weight: 1e-3 },
  { max_depth: 4, min_samples_leaf: 5 },
  { max_depth: 6, min_samples_leaf: 20, min_child_weight: 1e-3, l2: 0 },
];
/** Few rows are told apart by forests too: their answers are means, and seldom sure of what is wrong. */
const FORESTS: readonly Partial<Forest>[] = [
  { n_estimators: 200, max_depth: 64, min_samples_leaf: 1 },
  { n_estimators: 200, max_depth: 64, min_samples_leaf: 3 },
  { n_estimators: 200, max_depth: 64, min_samples_leaf: 5, max_features: 'all' },
];
/** Rounds tried at most, and those without gain after which a trial ends. */
const ROUNDS = 400;
const PATIENCE = 20;
/** A round grows a tree for each of several classes: of so many there are fewer rounds, but some. */
const TREES = 4_000;
const LEAST_ROUNDS = 100;
const FOLDS = 5;
/** Up to so many rows every fold is held out once; of more, one is enough to tell. */
const FEW_ROWS = 5_000;
/** More do not tell better which is best. */
const MOST_ROWS = 200_000;
const LEARNING_RATE = { few: 0.05, many: 0.1 };
/** Answers have six decimals: no forest loses more by a class that it takes for impossible. */
const LEAST_SHARE = 1e-6;

/** What a spec came to on rows that it had not seen. */
interface Trial {
  readonly spec: LearnerSpec;
  readonly loss: number;
}

/** The data, and which of their rows are held out in turn. */
interface Trials {
  readonly data: TrainingData | RegressionData;
  readonly splits: readonly RowSplit[];
  readonly few: boolean;
  readonly options: TrainOptions;
}

/**
 * Chooses by cross-validation within the training data what a spec leaves open. Of gradient boosting: depth, rows of a leaf,
 * penalty, learning rate, and the number of rounds whose held-out loss is least. Of `auto`: that, or on few rows a random
 * forest. What is given stays. Other learners, and specs that leave nothing open, are returned as they are. The same data
 * and seed choose the same.
 *
 * @throws LearnerError as `trainModel`, and on hyperparameters of nobody; the signal's reason when it is aborted
 */
export async function tune(
  wanted: WantedLearner,
  data: TrainingData | RegressionData,
  options: TrainOptions,
): Promise<LearnerSpec> {
  checkWanted(wanted);
  if (wanted.kind !== 'auto' && !(wanted.kind === 'gradient_boosting' && !wanted.hyperparameters?.validation_share))
    return wanted;
  const few = rowsOf(data) <= FEW_ROWS;
  const splits = foldsOf(data, options.seed)
    .slice(0, few ? FOLDS : 1)
    .map(thinned);
  const trials: Trials = { data, splits, few, options };
  const boosting = await bestBoosting(wanted.hyperparameters ?? {}, trials);
  if (wanted.kind !== 'auto' || !few) return boosting.spec;
  const forest = await bestForest(trials);
  return forest.loss < boosting.loss ? forest.spec : boosting.spec;
}

/** @throws LearnerError on hyperparameters that its learner does not have */
export function checkWanted({ kind, hyperparameters = {} }: WantedLearner): void {
  if (kind !== 'auto') resolveHyperparameters(kind, hyperparameters);
  else if (Object.keys(hyperparameters).length > 0) {
    throw new LearnerError('auto chooses the hyperparameters too; name a learner to give some');
  }
}

async function bestBoosting(given: Partial<Boosting>, trials: Trials): Promise<Trial> {
  const { data, few } = trials;
  const kind = 'gradient_boosting';
  const outputs = 'targets' in data || data.classes === 2 ? 1 : data.classes;
  const base: Partial<Boosting> = {
    n_estimators: Math.min(ROUNDS, Math.max(LEAST_ROUNDS, Math.floor(TREES / outputs))),
    patience: PATIENCE,
    learning_rate: few ? LEARNING_RATE.few : LEARNING_RATE.many,
  };
  const seen = new Set<string>();
  let best: Trial | undefined;
  for (const candidate of few ? BOOSTING : BOOSTING.slice(1)) {
    const hyperparameters = resolveHyperparameters(kind, { ...base, ...candidate, ...given });
    const key = JSON.stringify(hyperparameters);
    if (seen.has(key)) continue;
    seen.add(key);
    const losses = await heldOutLosses(hyperparameters, trials);
    const round = losses.indexOf(Math.min(...losses));
    if (best && best.loss <= losses[round]) continue;
    const chosen = { learning_rate: base.learning_rate, ...candidate, n_estimators: round + 1, ...given };
    best = { spec: { kind, hyperparameters: chosen }, loss: losses[round] };
  }
  return best!;
}

async function bestForest(trials: Trials): Promise<Trial> {
  const { data, splits, options } = trials;
  const { seed, threads, signal } = options;
  let best: Trial | undefined;
  for (const hyperparameters of FORESTS) {
    const spec: LearnerSpec = { kind: 'random_forest', hyperparameters };
    let loss = 0;
    for (const { train, test } of splits) {
      const model = await trainModel(spec, takeRows(data, train), { seed, threads, signal });
      const held = takeRows(data, test);
      loss +=
        'targets' in held
          ? meanSquare(predictValues(model, held.features), held.targets)
          : meanLogLoss(predictProbabilities(model, held.features), held.labels, held.classes, LEAST_SHARE);
    }
    loss /= splits.length;
    if (!best || loss < best.loss) best = { spec, loss };
  }
  return best!;
}

const meanSquare = (values: Float64Array, targets: Float64Array): number =>
  values.reduce((sum, value, row) => sum + (value - targets[row]) ** 2, 0) / values.length;

/** Of numbers by tenths, so that each fold has small and large ones. */
function foldsOf(data: TrainingData | RegressionData, seed: number): RowSplit[] {
  const rows = rowsOf(data);
  const folds = Math.min(FOLDS, rows);
  if (!('targets' in data)) return stratifiedFolds(data.labels, folds, seed);
  const order = Array.from(data.targets.keys()).sort((a, b) => data.targets[a] - data.targets[b] || a - b);
  const tenths = new Uint8Array(rows);
  order.forEach((row, place) => (tenths[row] = Math.floor((10 * place) / rows)));
  return stratifiedFolds(tenths, folds, seed);
}

/** At most so many rows of each side, evenly. */
function thinned({ train, test }: RowSplit): RowSplit {
  const every = Math.max(1, (train.length + test.length) / MOST_ROWS);
  const thin = (rows: Int32Array): Int32Array =>
    Int32Array.from({ length: Math.ceil(rows.length / every) }, (_, i) => rows[Math.floor(i * every)]);
  return { train: thin(train), test: thin(test) };
}

/** The mean loss of held-out rows after each round. A fold that has stopped keeps its last loss. */
async function heldOutLosses(
  hyperparameters: Boosting,
  { data, splits, options: { seed, threads, signal } }: Trials,
): Promise<number[]> {
  const curves: number[][] = [];
  for (const { train, test } of splits) {
    const losses: number[] = [];
    const held = { data: takeRows(data, test), losses };
    await trainGradientBoosting(hyperparameters, takeRows(data, train), { seed, threads, signal }, held);
    curves.push(losses);
  }
  const rounds = Math.max(...curves.map(({ length }) => length));
  return Array.from(
    { length: rounds },
    (_, round) => curves.reduce((sum, curve) => sum + (curve[round] ?? curve.at(-1)!), 0) / curves.length,
  );
}
