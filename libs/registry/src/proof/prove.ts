import { FeaturePipeline, loadSteps } from '#features';
import { serveTasks } from '#kit';
import { BundleError, readAnyBundle } from '#bundle';
import { openBundle } from '#runtime';
import { identityOf, type ProofTask } from './proof.js';

// Opens and proves versions; each task is a JSON text.
const pipeline = new FeaturePipeline();

async function prove({ directory, identity, options, steps }: ProofTask): Promise<void> {
  await loadSteps(steps.map(({ path }) => path));
  const bundle = await readAnyBundle(directory);
  if (identityOf(bundle.manifest) !== identity) {
    throw new BundleError(directory, 'was changed while it was proven', 'It is tried again');
  }
  const model = await openBundle(bundle, pipeline, { ...options, maxPendingRows: 1 });
  await model.close();
}

serveTasks((task) =>
  prove(JSON.parse(task) as ProofTask).catch((error: unknown) => {
    const { file, problem, remedy, message } = error as Partial<BundleError> & Error;
    throw new Error(problem === undefined ? message : JSON.stringify({ file, problem, remedy }));
  }),
);
