import { once } from 'node:events';
import { createServer } from 'node:http';
import { Registry } from 'prom-client';
import type { AppConfig } from '#config';
import { HOST_SETTING, listenFailure } from '../listen-failure.js';

/**
 * Serves metrics on a separate port, if the settings ask for one. It requires no key: restrict access with
 * `metrics.host` or the network.
 *
 * @param read returns them in Prometheus's text format
 * @throws Error if the port is in use
 */
export async function serveMetrics(
  { server: { host: ofServer }, metrics: { enabled, port, host = ofServer } }: AppConfig,
  read: () => Promise<string>,
): Promise<void> {
  if (!enabled || port === undefined) return;
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end('GET /metrics is all there is here\n');
      return;
    }
    read().then(
      (text) => response.writeHead(200, { 'Content-Type': Registry.PROMETHEUS_CONTENT_TYPE }).end(text),
      (error: Error) => response.writeHead(500).end(`${error.message}\n`),
    );
  });
  await once(server.listen(port, host), 'listening').catch((error: NodeJS.ErrnoException) => {
    const hostSetting = `metrics.host (METRICS_HOST) or ${HOST_SETTING}`;
    const portSetting = 'metrics.port (METRICS_PORT)';
    throw listenFailure(
      error,
      { host, port, hostSetting, portSetting },
      `METRICS_PORT=${port === 9090 ? 9091 : 9090} npm start`,
    );
  });
  server.unref();
}
