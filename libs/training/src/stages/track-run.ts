import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageOptions } from '../stage.options.js';
import { checkWanted, resolveHyperparameters, type LearnerKind, type WantedLearner } from '#learners';
import { readManifest } from '#bundle';
import type { Candidate } from '../candidate.js';
import { type PushReport, type Run, Tracker, writeMlflowModel } from '#tracking';
import { flatMetrics } from '../evaluate/flat-metrics.js';
import type { EvaluationReport } from '../evaluate/evaluation-report.js';
import { codeCommit } from '../lineage/code-commit.js';
import { fileMd5, namingSetting, userName } from '#kit';
import type { Registration } from './register.stage.js';
import { evaluationFiles } from '../files/stage-files.js';

export function trackerOf({ tracking }: Pick<StageOptions, 'tracking'>, signal?: AbortSignal): Tracker {
  const server = tracking.uri ? { uri: tracking.uri } : undefined;
  return new Tracker({ directory: tracking.directory, server, signal });
}

/** Whether training chooses hyperparameters, so that they are known only at its end. */
const isTuned = ({ own, training }: Pick<StageOptions, 'own' | 'training'>): boolean =>
  own !== undefined || training.algorithm === 'auto';

/**
 * Starts tracking a run: its model, hyperparameters and data.
 *
 * @throws InputError on hyperparameters that cannot be trained
 */
export async function startRun(
  config: Pick<StageOptions, 'own' | 'data' | 'training' | 'tracking'>,
  signal: AbortSignal,
): Promise<Run> {
  const { data, training, tracking } = config;
  const asked = { kind: training.algorithm, hyperparameters: training.hyperparameters } as WantedLearner;
  await namingSetting('training.hyperparameters', () => checkWanted(asked));
  const run = trackerOf(config, signal).startRun({
    experiment: tracking.experiment,
    name: `${training.model} ${training.algorithm}`,
  });
  const commit = await codeCommit();
  // Tags that MLflow's UI shows: mlflow/utils/mlflow_tags.py.
  run.setTags({
    'mlflow.user': userName(),
    'mlflow.source.type': 'LOCAL',
    'mlflow.source.name': 'skewless pipeline run',
    ...(commit && { 'mlflow.source.git.commit': commit }),
  });
  run.logParams({
    algorithm: training.algorithm,
    seed: training.seed,
    test_share: training.testShare,
    folds: training.folds,
    ...(!isTuned(config) && resolveHyperparameters(asked.kind as LearnerKind, training.hyperparameters)),
  });
  run.logInput(
    {
      name: data.path,
      digest: (await fileMd5(data.path))?.md5 ?? 'none',
      sourceType: 'local',
      source: JSON.stringify({ uri: data.path }),
    },
    'training',
  );
  return run;
}

/** Ends tracking of a failed run. Its own errors are ignored, because the run's error matters more. */
export async function abandonRun(run: Run, error: unknown, status: 'FAILED' | 'KILLED'): Promise<void> {
  try {
    run.setTags({ error: error instanceof Error ? error.message : String(error) });
    await run.end(status);
  } catch {
    // For example a full disk: the next push ends the run as KILLED.
  }
}

/** A push's result for the user: why records are pending, and which ones the server will never accept. */
export function warningsOf({ pending, problem, refusals }: PushReport): string[] {
  return [
    ...(problem ? [`${pending} records are left for "tracking push": ${problem}`] : []),
    ...refusals.map(({ record, reason }) => `the server refused record ${record}: ${reason}`),
  ];
}

/** Logs the registered bundle, and the same model in a folder that MLflow can load. */
async function logModel(
  run: Run,
  { pipeline, prepared: { classes }, model: onnx }: Candidate,
  bundle: string,
  { model, version }: { readonly model: string; readonly version: string },
): Promise<void> {
  const { timestamp } = await readManifest(bundle);
  const folder = await mkdtemp(join(tmpdir(), 'skewless-mlflow-'));
  try {
    await writeMlflowModel(folder, {
      model: onnx,
      inputs: [{ name: 'features', dtype: 'float32', shape: [-1, pipeline.outputs.length] }],
      outputs:
        classes.length === 0
          ? [{ name: 'prediction', dtype: 'float64', shape: [-1] }]
          : [
              { name: 'label', dtype: typeof classes[0] === 'string' ? 'str' : 'int64', shape: [-1] },
              { name: 'probabilities', dtype: 'float32', shape: [-1, classes.length] },
            ],
      createdAt: new Date(timestamp!),
      metadata: { 'skewless.name': model, 'skewless.version': version },
    });
    run.logArtifacts(folder, 'model');
  } finally {
    await rm(folder, { recursive: true });
  }
  run.logArtifacts(bundle, 'bundle');
  run.registerModel({ name: model, version, artifactPath: 'model' });
}

/** The results of a run. */
interface RunResults {
  readonly candidate: Candidate;
  readonly evaluation: EvaluationReport;
  readonly registration: Registration;
}

/** Logs the results and the outcome for the candidate, and ends the run. Never fails because of the server. */
export async function endRun(
  run: Run,
  config: Pick<StageOptions, 'own' | 'training' | 'models'>,
  { candidate, evaluation, registration }: RunResults,
): Promise<PushReport> {
  const { training, models } = config;
  const { outcome, model, version } = registration;
  if (isTuned(config)) run.logParams({ learner: candidate.training.algorithm, ...candidate.training.hyperparameters });
  run.logMetrics(Object.entries(flatMetrics(evaluation)).map(([key, value]) => ({ key, value })));
  run.setTags({ outcome, version: version ?? 'none' });
  run.logArtifacts(evaluationFiles(training.artifacts).directory, 'evaluation');
  if (version && outcome !== 'already registered') {
    await logModel(run, candidate, join(models.directory, model, version), { model, version });
    if (outcome !== 'unsigned') {
      run.setAlias({ name: model, version }, outcome === 'registered' ? 'champion' : 'challenger');
    }
  }
  return run.end();
}
