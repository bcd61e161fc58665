import { type RegressionData, rowsOf, type TrainingData } from '../data/training-data.js';
import { takeRows } from '../data/take-rows.js';
import { possibleFolds, type RowSides } from '../folds.js';
import { trainGradientBoosting } from '../gradient-boosting/gradient-boosting.js';
import { meanLogLoss } from '../gradient-boosting/log-loss.js';
import { type Hyperparameters, type LearnerSpec, resolveHyperparameters } from '../hyperparameters.js';
import { LearnerError } from '../learner.error.js';
import { predictProbabilities, predictValues } from '../predict.js';
import type { RowSplit } from '../stratified.js';
import { trainModel } from '../train-model.js';
import type { TrainOptions } from '../train-options.js';

type Boosting = Hyperparameters<'gradient_boosting'>;
type Forest = Hyperparameters<'random_forest'>;

/** What to train: a learner, or `auto` for the best one. */
export type WantedLearner =
  LearnerSpec | { readonly kind: 'auto'; readonly hyperparameters?: Readonly<Record<string, never>> };

/** From shallow trees for few rows to deep ones for many. */
const BOOSTING: readonly Partial<Boosting>[] = [
  { max_depth: 2, min_samples_leaf: 5, min_child_weight: 1e-3 },
  { max_depth: 4, min_samples_leaf: 5 },
  { max_depth: 6, min_samples_leaf: 20, min_child_weight: 1e-3, l2: 0 },
];
/** Forests are also tried on few rows: they average, so they are seldom confidently wrong. */
const FORESTS: readonly Partial<Forest>[] = [
  { n_estimators: 200, max_depth: 64, min_samples_leaf: 1 },
  { n_estimators: 200, max_depth: 64, min_samples_leaf: 3 },
  { n_estimators: 200, max_depth: 64, min_samples_leaf: 5, max_features: 'all' },
];
/** The most rounds of a trial, and the rounds without gain after which it stops. */
const ROUNDS = 400;
const PATIENCE = 20;
/** A round grows one tree per class, so the rounds are limited by trees, but not below this minimum. */
const TREES = 4_000;
const LEAST_ROUNDS = 100;
const FOLDS = 5;
/** Up to this number of rows every fold is tested once; beyond, one fold is enough. */
const FEW_ROWS = 5_000;
/** With so few rows the result depends too much on the folds: the split is repeated with other seeds. */
const SCARCE = { rows: 250, times: 3 };
/** More rows do not improve the choice. */
const MOST_ROWS = 200_000;
const LEARNING_RATE = { few: 0.05, many: 0.1 };
/** Answers have six decimals, so a forest's loss of a class it considers impossible is bounded by this. */
const LEAST_SHARE = 1e-6;

/** The held-out loss of a spec. */
interface Trial {
  readonly spec: LearnerSpec;
  readonly loss: number;
  /** The loss over the first split only. */
  readonly dealtOnce: number;
}

export interface TuneOptions extends TrainOptions {
  /** What separates the rows of a fold from the others. */
  readonly sides?: RowSides;
}

/** The data, and their train/test splits. */
interface Trials {
  readonly data: TrainingData | RegressionData;
  readonly splits: readonly RowSplit[];
  readonly few: boolean;
  readonly options: TrainOptions;
  /** Called after each model trained for comparison. */
  readonly tried: () => void;
}

/** A boosting configuration to try. */
interface Candidate {
  readonly chosen: Partial<Boosting>;
  readonly hyperparameters: Boosting;
}

/**
 * Chooses by cross-validation within the training data what a spec leaves open. For gradient boosting: depth, rows of a
 * leaf, penalty, learning rate, and the number of rounds with the least held-out loss. For `auto`: that, or on few rows
 * a random forest. Given values are kept. Other learners, and specs that leave nothing open, are returned as they are.
 * The choice depends only on the data and the seed. Progress counts the models trained for comparison.
 *
 * @throws LearnerError as `trainModel`, and on hyperparameters that no learner has; the signal's reason when aborted
 */
export async function tune(
  wanted: WantedLearner,
  data: TrainingData | RegressionData,
  options: TuneOptions,
): Promise<LearnerSpec> {
  checkWanted(wanted);
  if (wanted.kind !== 'auto' && !(wanted.kind === 'gradient_boosting' && !wanted.hyperparameters?.validation_share))
    return wanted;
  const few = rowsOf(data) <= FEW_ROWS;
  const splits = splitsOf(data, few, options).map(thinned);
  const given = wanted.hyperparameters ?? {};
  const candidates = boostingsOf(given, data, few);
  const triesForests = wanted.kind === 'auto' && few;
  const total =
    candidates.length * splits.length + (triesForests ? FORESTS.length * Math.min(FOLDS, splits.length) : 0);
  let done = 0;
  const trials: Trials = { data, splits, few, options, tried: () => options.onProgress?.(++done, total) };
  const boosting = await bestBoosting(candidates, given, trials);
  if (!triesForests) return boosting.spec;
  const forest = await bestForest(trials);
  return forest.dealtOnce < boosting.dealtOnce ? forest.spec : boosting.spec;
}

/** @throws LearnerError on hyperparameters that the learner does not have */
export function checkWanted({ kind, hyperparameters = {} }: WantedLearner): void {
  if (kind !== 'auto') resolveHyperparameters(kind, hyperparameters);
  else if (Object.keys(hyperparameters).length > 0) {
    throw new LearnerError('auto chooses the hyperparameters too; name a learner to give some');
  }
}

function boostingsOf(given: Partial<Boosting>, data: Trials['data'], few: boolean): Candidate[] {
  const outputs = 'targets' in data || data.classes === 2 ? 1 : data.classes;
  const learning_rate = few ? LEARNING_RATE.few : LEARNING_RATE.many;
  const base: Partial<Boosting> = {
    n_estimators: Math.min(ROUNDS, Math.max(LEAST_ROUNDS, Math.floor(TREES / outputs))),
    patience: PATIENCE,
    learning_rate,
  };
  const candidates = new Map<string, Candidate>();
  for (const candidate of few ? BOOSTING : BOOSTING.slice(1)) {
    const hyperparameters = resolveHyperparameters('gradient_boosting', { ...base, ...candidate, ...given });
    const key = JSON.stringify(hyperparameters);
    if (!candidates.has(key)) candidates.set(key, { chosen: { learning_rate, ...candidate }, hyperparameters });
  }
  return [...candidates.values()];
}

async function bestBoosting(
  candidates: readonly Candidate[],
  given: Partial<Boosting>,
  trials: Trials,
): Promise<Trial> {
  const kind = 'gradient_boosting';
  let best: Trial | undefined;
  for (const { chosen, hyperparameters } of candidates) {
    const curves = await heldOutLosses(hyperparameters, trials);
    const losses = meanCurve(curves);
    const round = losses.indexOf(Math.min(...losses));
    if (best && best.loss <= losses[round]) continue;
    best = {
      spec: { kind, hyperparameters: { ...chosen, n_estimators: round + 1, ...given } },
      loss: losses[round],
      dealtOnce: meanCurve(curves.slice(0, FOLDS))[round],
    };
  }
  return best!;
}

async function bestForest(trials: Trials): Promise<Trial> {
  const { data, splits, options, tried } = trials;
  const { seed, threads, signal } = options;
  let best: Trial | undefined;
  for (const hyperparameters of FORESTS) {
    const spec: LearnerSpec = { kind: 'random_forest', hyperparameters };
    let loss = 0;
    // Means of many trees vary little: further splits would add little and take long.
    const dealtOnce = splits.slice(0, FOLDS);
    for (const { train, test } of dealtOnce) {
      const model = await trainModel(spec, takeRows(data, train), { seed, threads, signal });
      const held = takeRows(data, test);
      loss +=
        'targets' in held
          ? meanSquare(predictValues(model, held.features), held.targets)
          : meanLogLoss(predictProbabilities(model, held.features), held.labels, held.classes, LEAST_SHARE);
      tried();
    }
    loss /= dealtOnce.length;
    if (!best || loss < best.loss) best = { spec, loss, dealtOnce: loss };
  }
  return best!;
}

const meanSquare = (values: Float64Array, targets: Float64Array): number =>
  values.reduce((sum, value, row) => sum + (value - targets[row]) ** 2, 0) / values.length;

function splitsOf(data: TrainingData | RegressionData, few: boolean, { seed, sides }: TuneOptions): RowSplit[] {
  const deal = (seed: number): RowSplit[] => possibleFolds(data, { folds: FOLDS, seed, sides });
  // With folds in time, the last one trains on most rows.
  if (!few)
    return deal(seed)
      .slice(sides?.by === 'time' ? -1 : 0)
      .slice(0, 1);
  const times = !sides && rowsOf(data) <= SCARCE.rows ? SCARCE.times : 1;
  return Array.from({ length: times }, (_, i) => deal(seed + i)).flat();
}

/** Thins both sides evenly to at most MOST_ROWS rows in total. */
function thinned({ train, test }: RowSplit): RowSplit {
  const every = Math.max(1, (train.length + test.length) / MOST_ROWS);
  const thin = (rows: Int32Array): Int32Array =>
    Int32Array.from({ length: Math.ceil(rows.length / every) }, (_, i) => rows[Math.floor(i * every)]);
  return { train: thin(train), test: thin(test) };
}

/** The held-out loss after each round, one curve per fold. */
async function heldOutLosses(
  hyperparameters: Boosting,
  { data, splits, options: { seed, threads, signal }, tried }: Trials,
): Promise<number[][]> {
  const curves: number[][] = [];
  for (const { train, test } of splits) {
    const losses: number[] = [];
    const held = { data: takeRows(data, test), losses };
    await trainGradientBoosting(hyperparameters, takeRows(data, train), { seed, threads, signal }, held);
    curves.push(losses);
    tried();
  }
  return curves;
}

/** The mean over all folds. A curve that has ended keeps its last loss. */
function meanCurve(curves: readonly (readonly number[])[]): number[] {
  const rounds = Math.max(...curves.map(({ length }) => length));
  return Array.from(
    { length: rounds },
    (_, round) => curves.reduce((sum, curve) => sum + (curve[round] ?? curve.at(-1)!), 0) / curves.length,
  );
}
