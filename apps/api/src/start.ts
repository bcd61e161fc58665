import cluster from 'node:cluster';
import { loadConfig, projectRoot } from '#config';
import { createProver } from './cluster/prover.js';
import { shareTasks } from './cluster/shared-tasks.js';
import { EXIT_CANNOT_START, Supervisor } from './cluster/supervisor.js';
import { parseCommandLine, USAGE } from './command-line.js';
import { receiveSignals, stopExitingOnSignal } from './exit-on-signal.js';
import { createLogging } from './logging/create-logging.js';
import { MetricsHub } from './metrics/cluster/metrics-hub.js';
import { serveMetrics } from './metrics/metrics-server.js';
import { releaseBootMemory } from './release-boot-memory.js';
import { startFailure } from './start-failure.js';
import { stopWithNpm } from './stop-with-npm.js';

try {
  const { help, flags } = parseCommandLine(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${USAGE}\n`);
  } else {
    const config = loadConfig(process.env, flags);
    const { workers } = config.server;
    if (cluster.isPrimary) stopWithNpm(process.env);
    if (workers > 1 && cluster.isPrimary) {
      const hub = new MetricsHub(workers);
      await serveMetrics(config, () => hub.metrics());
      if (config.rateLimit.requests > 0) {
        const { countForWorkers } = await import('./security/rate-limit/create-limiter.js');
        countForWorkers();
      }
      const { cache, proofSeconds: seconds } = config.models;
      if (seconds > 0) shareTasks(createProver({ seconds, root: projectRoot(), cache }));
      await receiveSignals();
      const endSeconds = config.shutdown.drainSeconds + config.shutdown.graceSeconds;
      new Supervisor(workers, endSeconds * 1_000, createLogging(config.logging).logger).start();
      stopExitingOnSignal();
      await releaseBootMemory();
    } else {
      // Not loaded in a process that only supervises workers.
      const { serve } = await import('./serve.js');
      await serve(config);
    }
  }
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(EXIT_CANNOT_START);
}
