import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AppConfig } from '#config';
import { projectRoot } from '#kit';
import { StoreMaintenance, PredictionLog } from '#monitoring';
import type { Metrics } from '../metrics/metrics.js';
import { modelRules } from './model-rules.js';
import { Monitor } from './monitor.js';
import { showLog } from './monitor.metrics.js';
import { showWatch } from './watch.metrics.js';

/**
 * Creates the log of predictions and the maintenance of its store.
 *
 * @param home folder that contains the models' own configuration files
 */
export function createMonitor({ monitor }: AppConfig, logger: Logger, home: string, metrics?: Metrics): Monitor {
  const { store, schema, maxBytes } = monitor;
  const options = { store, schema, maxBytes };
  const scripts = join(projectRoot(), 'dist/api');
  const log = new PredictionLog({
    ...options,
    script: join(scripts, 'monitor-log.js'),
    tell: ({ isUp, problem }) =>
      isUp
        ? logger.info('The store of predictions works again')
        : logger.warn(
            `The store of predictions (monitor.store) fails: ${problem}. Predictions continue; their records are dropped and counted`,
          ),
  });
  const maintenance = new StoreMaintenance({
    ...options,
    script: join(scripts, 'monitor-maintenance.js'),
    tell: (problem) => logger.warn(`The store of predictions could not be maintained: ${problem}`),
  });
  const created = new Monitor(log, maintenance, (model) =>
    modelRules(home, model, monitor, (problem) => logger.warn(problem)),
  );
  if (metrics) {
    showLog(metrics.registry, log);
    showWatch(metrics.registry, created);
  }
  return created;
}
