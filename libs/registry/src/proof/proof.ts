import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { loadedSteps, type StepFile } from '#features';
import { ChildTaskError, type TaskRunner } from '#kit';
import { BundleError, type Manifest, type TensorManifest } from '#bundle';
import { RUNTIME_VERSION, type TensorOptions } from '#runtime';

/** What a version is proven with: a proof holds for these alone. */
export type ProofOptions = Pick<TensorOptions, 'threads' | 'batchThreads' | 'engine' | 'labels'>;

/** What the process that proves a version is given. */
export interface ProofTask {
  readonly directory: string;
  /** Of the manifest that was read: what is proven must be what will serve. */
  readonly identity: string;
  readonly options: ProofOptions;
  /** What defines steps that are not the product's. */
  readonly steps: readonly StepFile[];
}

/** Of a version's manifest, and by the hashes in it of every file. */
export const identityOf = (manifest: Manifest | TensorManifest): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

/**
 * Versions that are part of the product, by identity: tests prove them at every change, so that they serve at once, also
 * from a read-only image that remembers nothing.
 */
const SHIPPED = new Set(['74958ce684625782969feb30c16266b5c8d6cb0d228eca2747fefc35e8757d6c']);

export const isShipped = (manifest: Manifest | TensorManifest): boolean => SHIPPED.has(identityOf(manifest));

/** What a proof that came to no good end says of a version. */
function refusal(directory: string, error: ChildTaskError): Error {
  const path = join(directory, 'model.onnx');
  const remedy =
    'It must not take the server with it: export it again and import it; models.proofSeconds (MODELS_PROOF_SECONDS) is its time';
  if (error.output === undefined) return new BundleError(path, `${error.message} when it was proven`, remedy);
  try {
    const { file, problem, remedy } = JSON.parse(error.output) as Record<'file' | 'problem' | 'remedy', string>;
    return new BundleError(file, problem, remedy);
  } catch {
    return new BundleError(path, `could not be proven (${error.output})`, remedy);
  }
}

/**
 * Proves a version in a process of its own, unless that was done before: what freezes or ends that process would have
 * frozen or ended the server.
 *
 * @throws BundleError when it must not serve
 * @throws ChildTaskError when there was no process to prove it
 */
export async function proveApart(
  runner: TaskRunner,
  directory: string,
  manifest: Manifest | TensorManifest,
  { threads, batchThreads, engine, labels }: ProofOptions,
): Promise<void> {
  if (isShipped(manifest)) return;
  const identity = identityOf(manifest);
  const options = { threads, batchThreads, engine, labels };
  const steps = loadedSteps();
  const task: ProofTask = { directory, identity, options, steps };
  const own = steps.map(({ digest }) => digest);
  const conditions = JSON.stringify([identity, options, RUNTIME_VERSION, process.version, process.arch, ...own]);
  const key = createHash('sha256').update(conditions).digest('hex');
  await runner.run(key, JSON.stringify(task)).catch((error: unknown) => {
    throw error instanceof ChildTaskError && !error.isUnstarted ? refusal(directory, error) : error;
  });
}
