import { parentPort, workerData } from 'node:worker_threads';
import { PHASE, PhaseWorker } from '../phases/phase-worker.js';
import { type CrewOrder, STATE, takeTasks } from './crew-state.js';

const { memory, state, thread } = workerData as CrewOrder;
const worker = new PhaseWorker(memory, thread);
let generation = Atomics.load(state, STATE.generation);
parentPort?.postMessage('ready');
for (;;) {
  Atomics.wait(state, STATE.generation, generation);
  generation = Atomics.load(state, STATE.generation);
  if (state[STATE.phase] === PHASE.end) break;
  takeTasks(worker, state);
  if (Atomics.sub(state, STATE.busy, 1) === 1) Atomics.notify(state, STATE.busy);
}
