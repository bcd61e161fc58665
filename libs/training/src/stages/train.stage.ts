import type { StageOptions } from '../stage.options.js';
import {
  featureImportances,
  type LearnerSpec,
  predictProbabilities,
  resolveHyperparameters,
  stratifiedFolds,
  toOnnx,
  type TrainedModel,
  type TrainingData,
  trainModel,
} from '#learners';
import { argmax } from '#statistics';
import { OnnxScorer } from '../data/onnx-scorer.js';
import { type PreparedPart, readPart, readPipeline } from '../data/prepared.js';
import { namingSetting, readStructured, writeFile, writeJson } from '#kit';
import type { ShowProgress } from './show-progress.js';
import { goldenOf } from './candidate-golden.js';
import type { PreparedData } from '../files/prepared-data.js';
import { candidateFiles, preparedFiles } from '../files/stage-files.js';
import type { Training } from '../files/training-summary.js';

const PROBABILITY_TOLERANCE = 1e-6;

export function accuracyOf(labels: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (argmax(probabilities, i * classes, classes) === labels[i]) right++;
  return right / labels.length;
}

const pick = (columns: readonly Float32Array<ArrayBuffer>[], rows: Int32Array): Float32Array<ArrayBuffer>[] =>
  columns.map((column) => Float32Array.from(rows, (row) => column[row]));

async function crossValidate(
  spec: LearnerSpec,
  data: TrainingData,
  { seed, threads, folds }: StageOptions['training'],
  progress: ShowProgress,
  signal?: AbortSignal,
): Promise<number[]> {
  if (folds < 2) return [];
  const accuracies: number[] = [];
  const parts = await namingSetting('training.folds', () => stratifiedFolds(data.labels, folds, seed));
  for (const { train, test } of parts) {
    const fold = {
      ...data,
      features: pick(data.features as Float32Array<ArrayBuffer>[], train),
      labels: Int32Array.from(train, (row) => data.labels[row]),
    };
    const model = await trainModel(spec, fold, { seed, threads, signal });
    const held = Int32Array.from(test, (row) => data.labels[row]);
    const probabilities = predictProbabilities(model, pick(data.features as Float32Array<ArrayBuffer>[], test));
    accuracies.push(accuracyOf(held, probabilities, data.classes));
    progress('folds', accuracies.length, folds);
  }
  return accuracies;
}

/**
 * Runs the exported model on every test row and compares it with the learner.
 *
 * @throws Error naming the first row on which they differ
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

/** A model that training left unfinished answers, but not what its data say. */
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
 * `model.onnx`, `golden.json`, `training.json`. The same seed writes the same bytes, whatever the number of threads.
 *
 * @throws InputError on hyperparameters that the learner does not have, or more folds than rows
 */
export async function train(
  { data, training }: Pick<StageOptions, 'data' | 'training'>,
  progress: ShowProgress,
  signal?: AbortSignal,
): Promise<Training> {
  const files = preparedFiles(data.processed);
  const prepared = await readStructured<PreparedData>(files.metadata, { type: 'object', required: ['classes'] });
  const { classes } = prepared;
  const pipeline = await readPipeline(files.pipeline);
  const part = await readPart(files.train, pipeline, prepared, signal);
  const spec = { kind: training.algorithm, hyperparameters: training.hyperparameters } as LearnerSpec;
  const hyperparameters = await namingSetting('training.hyperparameters', () =>
    resolveHyperparameters(training.algorithm, training.hyperparameters),
  );
  const set: TrainingData = { features: part.features, labels: part.labels, classes: classes.length };

  const folds = await crossValidate(spec, set, training, progress, signal);
  const { seed, threads } = training;
  const onProgress = (done: number, total: number): void =>
    progress(spec.kind === 'random_forest' ? 'trees' : 'rounds', done, total);
  const model = await trainModel(spec, set, { seed, threads, signal, onProgress });
  const onnx = toOnnx(model, { classes: classes as number[] | string[], featureNames: pipeline.outputs });
  const test = await readPart(files.test, pipeline, prepared, signal);
  const probabilities = predictProbabilities(model, test.features);
  await proveExport(onnx, test, probabilities);

  const importances = featureImportances(model);
  const summary: Training = {
    algorithm: training.algorithm,
    hyperparameters,
    seed,
    rows: part.labels.length,
    fold_accuracy: folds,
    importances: Object.fromEntries(pipeline.outputs.map((name, f) => [name, importances[f]])),
    warnings: warningsOf(model),
  };
  signal?.throwIfAborted();
  const candidate = candidateFiles(training.artifacts);
  await writeFile(candidate.model, onnx);
  await writeJson(candidate.golden, goldenOf(pipeline, test, probabilities, classes));
  await writeJson(candidate.training, summary);
  return summary;
}
