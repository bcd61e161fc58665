import { parentPort } from 'node:worker_threads';
import { PhaseWorker } from '../phases/phase-worker.js';
import { type CrewOrder, STATE, takeTasks, waitWhile } from './crew-state.js';

/** Helps until the thread is terminated. */
parentPort?.once('message', ({ memory, state, thread }: CrewOrder) => {
  const worker = new PhaseWorker(memory, thread);
  for (let calls = -1; ;) {
    waitWhile(state, STATE.calls, calls, STATE.sleepingHelpers);
    calls = Atomics.load(state, STATE.calls);
    takeTasks(worker, state);
  }
});
