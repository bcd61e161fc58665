import { workerData } from 'node:worker_threads';
import { PhaseWorker } from '../phases/phase-worker.js';
import { type CrewOrder, STATE, takeTasks, waitWhile } from './crew-state.js';

const { memory, state, thread } = workerData as CrewOrder;
const worker = new PhaseWorker(memory, thread);
for (let calls = -1; Atomics.load(state, STATE.ended) === 0;) {
  waitWhile(state, STATE.calls, calls, STATE.sleepingHelpers);
  calls = Atomics.load(state, STATE.calls);
  takeTasks(worker, state);
}
