import type { StageOptions } from '../stage.options.js';
import {
  checkWanted,
  featureImportances,
  foldsOf,
  type LearnerSpec,
  predictProbabilities,
  predictValues,
  type RegressionData,
  resolveHyperparameters,
  type RowSides,
  toOnnx,
  type TrainedModel,
  type TrainingData,
  trainModel,
  tune,
  type WantedLearner,
} from '#learners';
import { argmax, predictedClasses } from '#statistics';
import { OnnxScorer } from '../data/onnx-scorer.js';
import { type PreparedPart, readPart, readPipeline } from '../data/prepared.js';
import { namingSetting, readStructured, writeFile, writeJson } from '#kit';
import type { ShowProgress } from './show-progress.js';
import { goldenOf } from './candidate-golden.js';
import { readSides } from '../data/row-sides.js';
import type { PreparedData, PreparedOwn } from '../files/prepared-data.js';
import { candidateFiles, preparedFiles } from '../files/stage-files.js';
import type { Training } from '../files/training-summary.js';

const PROBABILITY_TOLERANCE = 1e-6;
/** Relative to the root mean square of the numbers. */
const VALUE_TOLERANCE = 1e-9;

const pick = (columns: readonly Float32Array<ArrayBuffer>[], rows: Int32Array): Float32Array<ArrayBuffer>[] =>
  columns.map((column) => Float32Array.from(rows, (row) => column[row]));

/** The score of a fold's model on its held-out rows: accuracy, or root mean squared error. */
function foldScore(
  model: TrainedModel,
  data: TrainingData | RegressionData,
  features: Float32Array[],
  test: Int32Array,
  threshold: number | undefined,
): number {
  if (!('targets' in data)) {
    const classes = Array.from({ length: data.classes }, (_, k) => k);
    const probabilities = predictProbabilities(model, features);
    const predicted = predictedClasses({ labels: test, probabilities, classes, threshold });
    return predicted.filter((label, i) => label === data.labels[test[i]]).length / test.length;
  }
  const values = predictValues(model, features);
  return Math.sqrt(values.reduce((sum, value, i) => sum + (value - data.targets[test[i]]) ** 2, 0) / test.length);
}

async function crossValidate(
  { spec, threshold, sides }: { readonly spec: LearnerSpec; readonly threshold?: number; readonly sides?: RowSides },
  data: TrainingData | RegressionData,
  { features }: Pick<PreparedPart, 'features'>,
  { seed, threads, folds }: StageOptions['training'],
  progress: ShowProgress,
  signal?: AbortSignal,
): Promise<number[]> {
  if (folds < 2) return [];
  const scores: number[] = [];
  const parts = await namingSetting('training.folds', () => foldsOf(data, { folds, seed, sides }));
  for (const { train, test } of parts) {
    const own = pick(features, train);
    const fold =
      'targets' in data
        ? { ...data, features: own, targets: Float64Array.from(train, (row) => data.targets[row]) }
        : { ...data, features: own, labels: Int32Array.from(train, (row) => data.labels[row]) };
    const model = await trainModel(spec, fold, { seed, threads, signal });
    scores.push(foldScore(model, data, pick(features, test), test, threshold));
    progress('folds', scores.length, parts.length);
  }
  return scores;
}

/**
 * Runs the exported model on every test row and compares it with the learner.
 *
 * @throws Error naming the first row that differs
 */
async function proveExport(onnx: Uint8Array, { features }: PreparedPart, expected: Float64Array): Promise<void> {
  const scorer = await OnnxScorer.open(onnx);
  const probabilities = await scorer.probabilities(features).finally(() => scorer.close());
  const { classes } = scorer;
  for (let i = 0; i < probabilities.length; i++) {
    const row = Math.floor(i / classes);
    const sameLabel = argmax(probabilities, row * classes, classes) === argmax(expected, row * classes, classes);
    if (sameLabel && Math.abs(probabilities[i] - expected[i]) <= PROBABILITY_TOLERANCE) continue;
    throw new Error(`The exported model differs on test row ${row}: expected ${expected[i]}, got ${probabilities[i]}`);
  }
}

/** As {@link proveExport}, for a regression: trees must match bit for bit, a linear model to rounding. */
async function proveValues(onnx: Uint8Array, { features }: PreparedPart, expected: Float64Array): Promise<void> {
  const scorer = await OnnxScorer.open(onnx);
  const values = await scorer.probabilities(features).finally(() => scorer.close());
  const scale = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0) / expected.length);
  const row = values.findIndex((value, i) => !(Math.abs(value - expected[i]) <= VALUE_TOLERANCE * scale));
  if (row >= 0)
    throw new Error(`The exported model differs on test row ${row}: expected ${expected[row]}, got ${values[row]}`);
}

/** Warnings about a model that training has not converged on. */
function warningsOf(model: TrainedModel): string[] | undefined {
  if (model.kind !== 'logistic_regression' || model.converged) return undefined;
  const { max_iterations: iterations } = model.hyperparameters;
  return [
    `logistic_regression has not converged in ${iterations} iterations: its coefficients are not those of the least loss; ` +
      'raise training.hyperparameters.max_iterations, or l2 beside it',
  ];
}

/**
 * Trains the configured model on the training part, proves its export on every test row, and writes the candidate:
 * `model.onnx`, `golden.json`, `training.json`. The learner `auto`, and hyperparameters that a model's own file leaves
 * open for gradient boosting, are chosen by cross-validation. The same seed writes the same bytes with any number of
 * threads.
 *
 * @throws InputError on hyperparameters that the learner does not have, or more folds than rows
 */
export async function train(
  { own, data, training }: Pick<StageOptions, 'own' | 'data' | 'training'>,
  progress: ShowProgress,
  signal?: AbortSignal,
): Promise<Training> {
  const files = preparedFiles(data.processed);
  const prepared = await readStructured<PreparedData>(files.metadata, { type: 'object', required: ['classes'] });
  const { classes } = prepared;
  const pipeline = await readPipeline(files.pipeline);
  const part = await readPart(files.train, pipeline, prepared, { signal, isTraining: true });
  const asked = { kind: training.algorithm, hyperparameters: training.hyperparameters } as WantedLearner;
  await namingSetting('training.hyperparameters', () => checkWanted(asked));
  const isRegression = prepared.task === 'regression';
  const missing = pipeline.accepts_missing ?? false;
  const set: TrainingData | RegressionData = isRegression
    ? { features: part.features, targets: part.targets, missing }
    : { features: part.features, labels: part.labels, classes: classes.length, missing };

  const { seed, threads } = training;
  const threshold = own?.model.threshold;
  const sides = own && (await readSides(files.train, own, prepared as PreparedOwn, signal));
  const onTrial = (done: number, total: number): void => progress('trials', done, total);
  const searched = { seed, threads, signal, sides, onProgress: onTrial };
  const spec = own || asked.kind === 'auto' ? await tune(asked, set, searched) : asked;
  const folds = await crossValidate({ spec, threshold, sides }, set, part, training, progress, signal);
  const onProgress = (done: number, total: number): void =>
    progress(spec.kind === 'random_forest' ? 'trees' : 'rounds', done, total);
  const model = await trainModel(spec, set, { seed, threads, signal, onProgress });
  const onnx = toOnnx(model, { classes: classes as number[] | string[], featureNames: pipeline.outputs });
  const test = await readPart(files.test, pipeline, prepared, { signal });
  const probabilities = isRegression ? predictValues(model, test.features) : predictProbabilities(model, test.features);
  await (isRegression ? proveValues : proveExport)(onnx, test, probabilities);

  const importances = featureImportances(model);
  const summary: Training = {
    algorithm: spec.kind,
    hyperparameters: resolveHyperparameters(spec.kind, spec.hyperparameters),
    seed,
    rows: part.labels.length,
    ...(threshold !== undefined && { threshold }),
    ...(sides && folds.length > 0 && { folds_by: sides.by }),
    fold_accuracy: isRegression ? [] : folds,
    ...(isRegression && { fold_rmse: folds }),
    importances: Object.fromEntries(pipeline.outputs.map((name, f) => [name, importances[f]])),
    warnings: warningsOf(model),
  };
  signal?.throwIfAborted();
  const candidate = candidateFiles(training.artifacts);
  await writeFile(candidate.model, onnx);
  const labels = isRegression ? undefined : classes;
  await writeJson(candidate.golden, goldenOf(pipeline, test, probabilities, labels, threshold));
  await writeJson(candidate.training, summary);
  return summary;
}
