import { type RegressionData, rowsOf, type TrainingData } from '../data/training-data.js';
import { takeRows } from '../data/take-rows.js';
import { trainGradientBoosting } from '../gradient-boosting/gradient-boosting.js';
import { type Hyperparameters, type LearnerSpec, resolveHyperparameters } from '../hyperparameters.js';
import { type RowSplit, stratifiedFolds } from '../stratified.js';
import type { TrainOptions } from '../train-options.js';

type Boosting = Hyperparameters<'gradient_boosting'>;

/** From shallow trees for few rows to deep ones for many: as many questions as the rows can answer. */
const CANDIDATES: readonly Partial<Boosting>[] = [
  { max_depth: 2, min_samples_leaf: 5, min_child_weight: 1e-3 },
  { max_depth: 4, min_samples_leaf: 5 },
  { max_depth: 6, min_samples_leaf: 20, min_child_weight: 1e-3, l2: 0.1 },
];
/** Rounds tried at most, and those without gain after which a trial ends. */
const ROUNDS = 400;
const PATIENCE = 20;
const FOLDS = 5;
/** Up to so many rows every fold is held out once; of more, one is enough to tell. */
const FEW_ROWS = 5_000;
const LEARNING_RATE = { few: 0.05, many: 0.1 };

/**
 * Chooses what gradient boosting was not told, by cross-validation within the training data: depth, rows of a leaf,
 * penalty, learning rate, and with them the number of rounds whose held-out loss is least. What is given stays. Other
 * learners, and specs that leave nothing open, are returned as they are. The same data and seed choose the same.
 *
 * @throws LearnerError as `trainModel`; the signal's reason when it is aborted
 */
export async function tune(
  spec: LearnerSpec,
  data: TrainingData | RegressionData,
  options: TrainOptions,
): Promise<LearnerSpec> {
  if (spec.kind !== 'gradient_boosting' || spec.hyperparameters?.validation_share) return spec;
  const { kind, hyperparameters: given = {} } = spec;
  const few = rowsOf(data) <= FEW_ROWS;
  const splits = foldsOf(data, options.seed).slice(0, few ? FOLDS : 1);
  const base: Partial<Boosting> = {
    n_estimators: ROUNDS,
    patience: PATIENCE,
    learning_rate: few ? LEARNING_RATE.few : LEARNING_RATE.many,
  };
  const seen = new Set<string>();
  let best: { readonly chosen: Partial<Boosting>; readonly loss: number } | undefined;
  for (const candidate of few ? CANDIDATES : CANDIDATES.slice(1)) {
    const hyperparameters = resolveHyperparameters(kind, { ...base, ...candidate, ...given });
    const key = JSON.stringify(hyperparameters);
    if (seen.has(key)) continue;
    seen.add(key);
    const losses = await heldOutLosses(hyperparameters, data, splits, options);
    const round = losses.indexOf(Math.min(...losses));
    if (best && best.loss <= losses[round]) continue;
    const { learning_rate } = base;
    best = { chosen: { learning_rate, ...candidate, n_estimators: round + 1, ...given }, loss: losses[round] };
  }
  return { kind, hyperparameters: best!.chosen };
}

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

/** The mean loss of held-out rows after each round. A fold that has stopped keeps its last loss. */
async function heldOutLosses(
  hyperparameters: Boosting,
  data: TrainingData | RegressionData,
  splits: readonly RowSplit[],
  { seed, threads, signal }: TrainOptions,
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
