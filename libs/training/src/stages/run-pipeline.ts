import type { StageOptions } from '../stage.options.js';
import { InputError } from '#kit';
import type { Run } from '#tracking';
import { type Candidate, loadCandidate } from '../candidate.js';
import { readRunLineage } from '../lineage/run-lineage.js';
import { stageNotes } from './stage-notes.js';
import { readEvaluation, whyStale } from './evaluation-subject.js';
import { register, type Registration } from './register.stage.js';
import type { ShowProgress } from './show-progress.js';
import { abandonRun, endRun, startRun, warningsOf } from './track-run.js';

/** The result of a pipeline run. */
export interface PipelineRun {
  readonly stages: Readonly<Record<string, 'done' | 'up to date'>>;
  /** Notes for the user by stage: rows that cleaning dropped, warnings of the validation. */
  readonly notes: Readonly<Record<string, readonly string[]>>;
  readonly registration: Registration;
  /** Records of the run that no MLflow server has yet. */
  readonly unsent: number;
  /** Warnings of training, and of the MLflow server. */
  readonly warnings: readonly string[];
}

/** Called when a stage has ended: its outcome, duration and notes. */
export type OnStage = (
  stage: string,
  outcome: 'done' | 'up to date',
  seconds: number,
  notes: readonly string[],
) => void;

/** The context of a run. */
interface RunContext {
  readonly config: StageOptions;
  readonly progress: ShowProgress;
  readonly signal: AbortSignal;
}

/** The context of a stage. */
interface StageContext extends RunContext {
  /** Loads the candidate once; call it only after training. */
  readonly candidate: () => Promise<Candidate>;
}

type StageRunner = (context: StageContext) => Promise<unknown>;

/** The stages of dvc.yaml by name; lazy, because a run without changes needs none of them. */
export const STAGES: Readonly<Record<string, StageRunner>> = {
  validate: async ({ config, signal }) => (await import('./validate.stage.js')).validate(config, signal),
  preprocess: async ({ config, signal }) => (await import('./preprocess.stage.js')).preprocess(config, { signal }),
  train: async ({ config, progress, signal }) => (await import('./train.stage.js')).train(config, progress, signal),
  evaluate: async ({ config, signal, candidate }) =>
    (await import('./evaluate.stage.js')).evaluate(await candidate(), config, signal),
};

interface PipelineOptions {
  readonly keepChallenger: boolean;
  /** A candidate that passes the gate becomes the challenger instead of the champion. */
  readonly asChallenger?: boolean;
  /** Also runs stages that are up to date. */
  readonly force?: boolean;
  readonly onStage?: OnStage;
}

/**
 * Runs the stages whose command, inputs, settings or outputs differ from dvc.lock, and the evaluation also when the
 * champion has changed; then lets the gate decide on the candidate. Each stage is recorded when it is done, so that an
 * interrupted run can be resumed.
 */
export async function runPipeline(context: RunContext, options: PipelineOptions): Promise<PipelineRun> {
  let run: Run | undefined;
  let loading: Promise<Candidate> | undefined;
  const load = (): Promise<Candidate> => (loading ??= loadCandidate(context.config));
  const begin = async (): Promise<Run> => (run ??= await startRun(context.config, context.signal));
  try {
    const { stages, notes } = await runStages({ ...context, candidate: load }, begin, options);
    context.signal.throwIfAborted();
    const candidate = await load();
    const registration = await register(candidate, context.config, { ...options, begin, signal: context.signal });
    // The candidate may be from an earlier run, which the gate refused then or which was killed.
    if (registration.outcome === 'registered') await begin();
    const evaluation = await readEvaluation(context.config);
    const tracked = run && (await endRun(run, context.config, { candidate, evaluation, registration }));
    const { warnings = [] } = candidate.training;
    return {
      stages,
      notes,
      registration,
      unsent: tracked?.pending ?? 0,
      warnings: [...warnings, ...(tracked ? warningsOf(tracked) : [])],
    };
  } catch (error) {
    if (run) await abandonRun(run, error, context.signal.aborted ? 'KILLED' : 'FAILED');
    throw error;
  }
}

/** @param begin called before a stage that must run */
async function runStages(
  context: StageContext,
  begin: () => Promise<unknown>,
  { force = false, onStage }: PipelineOptions,
): Promise<Pick<PipelineRun, 'stages' | 'notes'>> {
  const { config, signal, candidate } = context;
  const { stages, lock } = await readRunLineage(config);
  const unknown = stages.find(({ name }) => !Object.hasOwn(STAGES, name));
  if (unknown) {
    const known = Object.keys(STAGES).join(', ');
    throw new InputError(`dvc.yaml has the stage "${unknown.name}", but "run" knows only ${known}: use "dvc repro".`);
  }
  const outcome: Record<string, 'done' | 'up to date'> = {};
  const notes: Record<string, readonly string[]> = {};
  for (const stage of stages) {
    signal.throwIfAborted();
    const started = performance.now();
    const inputs = await lock.inputs(stage);
    const isUpToDate =
      !force &&
      (await lock.isUpToDate(stage, inputs)) &&
      (stage.name !== 'evaluate' || !(await whyStale(await readEvaluation(config), await candidate(), config)));
    if (!isUpToDate) {
      await begin();
      await STAGES[stage.name](context);
      await lock.record(stage, inputs);
    }
    outcome[stage.name] = isUpToDate ? 'up to date' : 'done';
    notes[stage.name] = await stageNotes(stage.name, config);
    onStage?.(stage.name, outcome[stage.name], (performance.now() - started) / 1_000, notes[stage.name]);
  }
  return { stages: outcome, notes };
}
