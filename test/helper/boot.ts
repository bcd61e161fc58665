import type { NestExpressApplication } from '@nestjs/platform-express';
import { loadConfig } from '#config';
import { ModelRegistry } from '#registry';
import { until } from '#testing';
import { createApp } from '../../apps/api/src/create-app.js';
import { openGrpc } from '../../apps/api/src/serve.js';
import { createLogging, type Logging } from '../../apps/api/src/logging/create-logging.js';

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; throws if it is not JSON. */
  readonly body: any;
}

/** A server on a free port of this machine, with methods to send requests. */
export interface RunningApi {
  readonly app: NestExpressApplication;
  readonly url: string;
  /** The gRPC port, if the environment enables it. */
  readonly grpcPort?: number;
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** Posts a value as JSON; texts and bytes are sent unchanged. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get body() {
      return JSON.parse(text) as unknown;
    },
  };
}

/**
 * Starts the API for tests: the real application, over real HTTP, once its model is loaded or refused.
 *
 * @param logging default: silent
 */
export async function boot(
  environment: Record<string, string> = {},
  logging: Logging = createLogging({ level: 'silent', format: 'json' }),
): Promise<RunningApi> {
  const config = loadConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DRAIN_SECONDS: '0',
    MODELS_WATCH_SECONDS: '0',
    MODELS_PROOF_SECONDS: '0',
    GRPC_ENABLED: 'false',
    MONITOR_ENABLED: 'false',
    ...environment,
  });
  const app = await createApp(config, logging);
  await app.listen(config.server.port, config.server.host);
  const registry = app.get(ModelRegistry);
  await until(() => registry.state.status !== 'loading');
  const grpcPort = await openGrpc(app, config, logging);
  const url = await app.getUrl();
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => readAnswer(await fetch(url + path, init));
  return {
    app,
    url,
    grpcPort,
    ask,
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body:
          typeof body === 'string' || body instanceof Uint8Array ? (body as RequestInit['body']) : JSON.stringify(body),
      }),
    close: () => app.close(),
  };
}
