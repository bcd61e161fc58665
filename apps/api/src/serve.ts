import cluster from 'node:cluster';
import type { AppConfig } from '#config';
import { createApp } from './create-app.js';
import { createLogging } from './logging/create-logging.js';
import { Metrics } from './metrics/metrics.js';
import { serveMetrics } from './metrics/metrics-server.js';

/** Starts one process of the API. */
export async function serve(config: AppConfig): Promise<void> {
  const { host, port } = config.server;
  const logging = createLogging(config.logging);
  const app = await createApp(config, logging);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    throw new Error(listenFailure(error, host, port), { cause: error });
  });
  if (cluster.isPrimary) await serveMetrics(config, () => app.get(Metrics).text());
  const address = (await app.getUrl()).replace('[::1]', 'localhost');
  logging.logger.info(`Skewless listens on ${address}; try ${address}/docs`);
}

function listenFailure({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken: stop what listens there, or choose another one, such as PORT=${port === 8000 ? 8001 : 8000} npm start`;
  }
  if (code === 'EACCES') return `Port ${port} on ${host} is not open to this user: choose one above 1023`;
  return `Cannot listen on ${host}:${port}: ${message}`;
}
