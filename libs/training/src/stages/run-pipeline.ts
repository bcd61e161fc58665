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

/** What a run of the pipeline came to. */
export interface PipelineRun {
  readonly stages: Readonly<Record<string, 'done' | 'up to date'>>;
  /** What people should know of a stage: what cleaning dropped, warnings of the validation. */
  readonly notes: Readonly<Record<string, readonly string[]>>;
  readonly registration: Registration;
  /** Records of the run that no MLflow server has yet. */
  readonly unsent: number;
  /** What training says of the candidate, and what an MLflow server did not take, and why. */
  readonly warnings: readonly string[];
}

/** Called when a stage is over: what it came to, how long it took, and what people should know of it. */
export type OnStage = (
  stage: string,
  outcome: 'done' | 'up to date',
  seconds: number,
  notes: readonly string[],
) => void;

/** What a run works with. */
interface RunContext {
  readonly config: StageOptions;
  readonly progress: ShowProgress;
  readonly signal: AbortSignal;
}

/** What a stage runs with. */
interface StageContext extends RunContext {
  /** Loads it once; not before training is over. */
  readonly candidate: () => Promise<Candidate>;
}

type StageRunner = (context: StageContext) => Promise<unknown>;

/** The stages of dvc.yaml by name; each is loaded when it runs, as a run in which nothing changed needs none. */
export const STAGES: Readonly<Record<string, StageRunner>> = {
  validate: async ({ config, signal }) => (await import('./validate.stage.js')).validate(config, signal),
  preprocess: async ({ config, signal }) => (await import('./preprocess.stage.js')).preprocess(config, { signal }),
  train: async ({ config, progress, signal }) => (await import('./train.stage.js')).train(config, progress, signal),
  evaluate: async ({ config, signal, candidate }) =>
    (await import('./evaluate.stage.js')).evaluate(await candidate(), config, signal),
};

interface PipelineOptions {
  readonly keepChallenger: boolean;
  /** One that passes the gate challenges the champion, and does not replace it. */
  readonly asChallenger?: boolean;
  /** Runs what is up to date too. */
  readonly force?: boolean;
  readonly onStage?: OnStage;
}

/**
 * Runs the stages whose command, inputs, settings or outputs are not those of dvc.lock, and the evaluation also when
 * the champion is another one, then lets the gate decide on the candidate. What is done is recorded stage by stage: a run
 * that was stopped goes on where it was.
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
    // A new champion that only an earlier run has trained, as the gate refused it then or that run was killed.
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

/** @param begin called before a stage that has to run */
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
