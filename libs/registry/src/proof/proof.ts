import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { loadedSteps, type StepFile } from '#features';
import { ChildTaskError, type TaskRunner } from '#kit';
import { BundleError, type Manifest, type TensorManifest } from '#bundle';
import { RUNTIME_VERSION, type TensorOptions, type Verdict } from '#runtime';
import { identityOf } from './identity.js';
import { SHIPPED } from './shipped.js';

/** The settings of a proof; it is valid only for these. */
export type ProofOptions = Pick<TensorOptions, 'threads' | 'batchThreads' | 'engine' | 'labels'>;

/** The input of the process that proves a version. */
export interface ProofTask {
  readonly directory: string;
  /** Of the manifest that was read: the proven version must be the served one. */
  readonly identity: string;
  readonly options: ProofOptions;
  /** The files of user-defined steps. */
  readonly steps: readonly StepFile[];
}

/** Changes with what records hold, so that older ones do not count. */
const RECORD = 'verdict 1';

/** @returns undefined where the text is no verdict */
function verdictIn(text: string): Verdict | undefined {
  try {
    const { parity, choice, scoresDigest } = JSON.parse(text) as Verdict;
    const isWhole = Number.isInteger(parity.rows) && typeof choice.engine_reason === 'string';
    return isWhole ? { parity, choice, scoresDigest } : undefined;
  } catch {
    return undefined;
  }
}

/** Converts a failed proof into an error about the version. */
function refusal(directory: string, error: ChildTaskError): Error {
  const path = join(directory, 'model.onnx');
  const remedy =
    'The version is not loaded, so that it cannot stop the server: export and import it again, or raise the time limit models.proofSeconds (MODELS_PROOF_SECONDS)';
  if (error.output === undefined) return new BundleError(path, `${error.message} when it was proven`, remedy);
  try {
    const { file, problem, remedy } = JSON.parse(error.output) as Record<'file' | 'problem' | 'remedy', string>;
    return new BundleError(file, problem, remedy);
  } catch {
    return new BundleError(path, `could not be proven (${error.output})`, remedy);
  }
}

/**
 * Proves a version in a process of its own, unless it is on record: a model that hangs or crashes that process would
 * have hung or crashed the server.
 *
 * @returns what the proof found; undefined where its record cannot be read, or a model takes tensors: then the server proves it itself
 * @throws BundleError when it must not be served
 * @throws ChildTaskError when no process could be started
 */
export async function proveApart(
  runner: TaskRunner,
  directory: string,
  manifest: Manifest | TensorManifest,
  { threads, batchThreads, engine, labels }: ProofOptions,
): Promise<Verdict | undefined> {
  const identity = identityOf(manifest);
  const shipped = SHIPPED.get(identity);
  if (shipped) return shipped;
  const options = { threads, batchThreads, engine, labels };
  const steps = loadedSteps();
  const task: ProofTask = { directory, identity, options, steps };
  const own = steps.map(({ digest }) => digest);
  const conditions = JSON.stringify([
    RECORD,
    identity,
    options,
    RUNTIME_VERSION,
    process.version,
    process.arch,
    ...own,
  ]);
  const key = createHash('sha256').update(conditions).digest('hex');
  const answer = await runner.run(key, JSON.stringify(task)).catch((error: unknown) => {
    throw error instanceof ChildTaskError && !error.isUnstarted ? refusal(directory, error) : error;
  });
  return verdictIn(answer);
}
