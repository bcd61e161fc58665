import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '#config';
import { ModelRegistry } from '#registry';
import { FIRST_LOAD_ENDED, LISTENS_LOADED } from './cluster/supervisor.js';
import { createApp } from './create-app.js';
import { receiveSignals, stopExitingOnSignal } from './exit-on-signal.js';
import { logCalls } from './grpc/log-calls.js';
import { startGrpc } from './grpc/start-grpc.js';
import { keepTickShape } from './keep-tick-shape.js';
import { HOST_SETTING, listenFailure } from './listen-failure.js';
import { createLogging, type Logging } from './logging/create-logging.js';
import { Metrics } from './metrics/metrics.js';
import { serveMetrics } from './metrics/metrics-server.js';
import { releaseBootMemory } from './release-boot-memory.js';
import { RolloutObserver } from './rollout/rollout-observer.js';

/** How often to check whether the model's first load has ended. */
const POLL_MILLISECONDS = 20;

/** Starts one process of the API. */
export async function serve(config: AppConfig): Promise<void> {
  // From the first, slow requests V8 may conclude that their objects are long-lived and pretenure them, which slows
  // down all later requests.
  setFlagsFromString('--no-allocation-site-pretenuring');
  keepTickShape();
  const { host, port } = config.server;
  const logging = createLogging(config.logging);
  const app = await createApp(config, logging);
  await receiveSignals();
  const registry = app.get(ModelRegistry);
  const firstLoad = async (): Promise<void> => {
    while (registry.state.status === 'loading') await sleep(POLL_MILLISECONDS);
  };
  await app.init();
  if (LISTENS_LOADED in process.env) await firstLoad();
  await app.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    throw listenFailure(
      error,
      { host, port, hostSetting: HOST_SETTING, portSetting: 'server.port (PORT)' },
      `PORT=${port === 8000 ? 8080 : 8000} npm start`,
    );
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  stopExitingOnSignal();
  if (cluster.isPrimary) await serveMetrics(config, () => app.get(Metrics).text());
  const address = (await app.getUrl()).replace('[::1]', 'localhost');
  logging.logger.info(`Skewless listens on ${address}; try ${address}/docs`);
  // gRPC, which the first connection loads, would delay the model that HTTP waits for.
  await firstLoad();
  if (!(LISTENS_LOADED in process.env)) process.send?.(FIRST_LOAD_ENDED);
  const grpcPort = await openGrpc(app, config, logging);
  if (grpcPort !== undefined) logging.logger.info(`gRPC listens on port ${grpcPort}`);
  await releaseBootMemory();
}

/** @returns the port, if gRPC is enabled */
export async function openGrpc(
  app: NestExpressApplication,
  config: AppConfig,
  { logger }: Logging,
): Promise<number | undefined> {
  const { enabled, port, host = config.server.host } = config.grpc;
  if (!enabled) return undefined;
  const options = {
    host,
    port,
    maxConnections: config.server.maxConnections,
    keepAliveSeconds: config.server.keepAliveSeconds,
    admission: config.server,
    rateLimit: config.rateLimit,
    graceMilliseconds: config.shutdown.graceSeconds * 1_000,
  };
  const observers = [
    logCalls(logger),
    ...(config.monitor.enabled ? [app.get(RolloutObserver).called] : []),
    ...(config.metrics.enabled ? [app.get(Metrics).grpc] : []),
  ];
  const failed = (error: Error): void => logger.error({ err: error }, 'gRPC could not be loaded');
  return startGrpc(app, options, observers, failed).catch((error: Error) => {
    const remedy = `GRPC_PORT=${port === 8001 ? 8081 : 8001} npm start (GRPC_ENABLED=false does without gRPC)`;
    const hostSetting = `grpc.host (GRPC_HOST) or ${HOST_SETTING}`;
    throw listenFailure(error, { host, port, hostSetting, portSetting: 'grpc.port (GRPC_PORT)' }, remedy);
  });
}
