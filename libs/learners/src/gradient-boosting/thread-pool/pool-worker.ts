import { parentPort } from 'node:worker_threads';
import { phaseWork } from '../phases/phase-work.js';
import { type HelperData, STATE, takeTasks, waitWhile } from './pool-state.js';

/** Runs tasks until the thread is terminated. */
parentPort?.once('message', ({ memory, state, thread }: HelperData) => {
  const work = phaseWork(memory, thread);
  for (let calls = -1; ;) {
    waitWhile(state, STATE.calls, calls, STATE.sleepingHelpers);
    calls = Atomics.load(state, STATE.calls);
    takeTasks(work, state);
  }
});
