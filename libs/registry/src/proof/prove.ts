import { FeaturePipeline, loadSteps } from '#features';
import { serveTasks } from '#kit';
import { BundleError, readAnyBundle } from '#bundle';
import { openBundle } from '#runtime';
import { identityOf } from './identity.js';
import type { ProofTask } from './proof.js';

// Opens and proves versions; each task is a JSON text.
const pipeline = new FeaturePipeline();

/** @returns the verdict as JSON; nothing of a model that takes tensors, whose engine is chosen where it serves */
async function prove({ directory, identity, options, steps }: ProofTask): Promise<string | void> {
  await loadSteps(steps.map(({ path }) => path));
  const bundle = await readAnyBundle(directory);
  if (identityOf(bundle.manifest) !== identity) {
    throw new BundleError(directory, 'changed while it was being proven', 'It is tried again');
  }
  const model = await openBundle(bundle, pipeline, { ...options, maxPendingRows: 1 });
  await model.close();
  if (model.kind === 'pipeline') return JSON.stringify(model.verdict);
}

serveTasks((task) =>
  prove(JSON.parse(task) as ProofTask).catch((error: unknown) => {
    const { file, problem, remedy, message } = error as Partial<BundleError> & Error;
    throw new Error(problem === undefined ? message : JSON.stringify({ file, problem, remedy }));
  }),
);
