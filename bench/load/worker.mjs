import { machineCpu, processCpu } from '../cpu.mjs';
import { serialiseRequests } from '../requests.mjs';
import { ascending, quantile } from '../statistics.mjs';
import { closedLoop } from './closed-loop.mjs';

// The process that makes the load: takes one job at a time from its parent, answers with one sample.

const prepared = new Map();

function requestsOf(scenario) {
  if (!prepared.has(scenario.name)) prepared.set(scenario.name, serialiseRequests(scenario));
  return prepared.get(scenario.name);
}

async function sample({ scenario, port, pid, seconds, count }) {
  const observe = () => ({ served: processCpu(pid), load: processCpu(process.pid), machine: machineCpu() });
  const { connections, rows } = scenario;
  const run = await closedLoop({ port, requests: requestsOf(scenario), connections, seconds, count, observe });
  const [served, load, machine] = ['served', 'load', 'machine'].map((of) => run.after[of] - run.before[of]);
  const latencies = ascending(run.latencies);
  const requests = latencies.length;
  const microseconds = run.elapsed * 1_000;
  return {
    requests,
    throughput: (requests * rows) / (run.elapsed / 1_000),
    cpu: served / requests,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    loadCores: load / microseconds,
    otherCores: Math.max(0, machine - served - load) / microseconds,
  };
}

process.on('message', (job) =>
  sample(job).then(
    (result) => process.send({ result }),
    (error) => process.send({ error: error.message }),
  ),
);
process.on('disconnect', () => process.exit());
