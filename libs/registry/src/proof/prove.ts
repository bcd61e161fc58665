import { Worker } from 'node:worker_threads';
import { FeaturePipeline } from '#features';
import { BundleError } from '../bundle/bundle.error.js';
import { readAnyBundle } from '../bundle/read-bundle.js';
import { openBundle } from '../open-model.js';
import { identityOf, type ProofTask } from './proof.js';

// A process that opens one version and proves it, given as JSON, and the seconds it may take.
const [task, seconds] = process.argv.slice(2);

/** The model may keep this thread for good: another one ends the process when its time is over, or its parent gone. */
const WATCH = `
const { ppid } = process;
const end = () => process.kill(process.pid, 'SIGKILL');
setTimeout(end, ${Number(seconds) * 1_000 + 2_000});
setInterval(() => process.ppid === ppid || end(), 500);`;
new Worker(WATCH, { eval: true }).unref();

const { directory, identity, options } = JSON.parse(task) as ProofTask;
try {
  const bundle = await readAnyBundle(directory);
  if (identityOf(bundle.manifest) !== identity) {
    throw new BundleError(directory, 'was changed while it was proven', 'It is tried again');
  }
  const model = await openBundle(bundle, new FeaturePipeline(), { ...options, maxPendingRows: 1 });
  await model.close();
  process.exit(0);
} catch (error) {
  const { file, problem, remedy, message } = error as Partial<BundleError> & Error;
  process.exitCode = 1;
  process.stdout.write(problem === undefined ? message : JSON.stringify({ file, problem, remedy }), () =>
    process.exit(),
  );
}
