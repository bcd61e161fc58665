import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from '@nestjs/common/interfaces/http/http-server.interface.js';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type AppConfig, homeFolder, projectRoot } from '#config';
import { loadSteps } from '#features';
import { ModelRegistry } from '#registry';
import { AppModule } from './app.module.js';
import { DocsModule } from './docs/docs.module.js';
import { Admission } from './http/admission.js';
import { directRoute } from './http/direct-route.js';
import { LeanExpressAdapter } from './http/lean-express.adapter.js';
import { readBody } from './http/read-body.js';
import { requestContext, type RequestObserver } from './http/request-context.js';
import { requireHost } from './http/require-host.js';
import type { Logging } from './logging/create-logging.js';
import { NestLogger } from './logging/nest-logger.js';
import { Metrics } from './metrics/metrics.js';
import { observeHttp } from './metrics/observe-http.js';
import { createMonitor } from './monitoring/create-monitor.js';
import { fastPrediction } from './prediction/fast-prediction.js';
import { PredictionController } from './prediction/prediction.controller.js';
import { SingleExchange } from './prediction/single-exchange.js';
import { RolloutObserver } from './rollout/rollout-observer.js';
import { RolloutRecorder } from './rollout/rollout-recorder.js';
import { bodyFirstPaths } from './routes/read-routes.js';
import { RouteTable } from './routes/route-table.js';
import { API_HEADERS } from './security/headers/api-headers.js';
import { authorize } from './security/authorize.js';
import { createAuthenticator } from './security/create-authenticator.js';
import { secure } from './security/secure.js';
import { createTracing } from './tracing/create-tracing.js';

export function productVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Creates the application, which does not listen yet. */
export async function createApp(
  config: AppConfig,
  { logger, access, droppedLines }: Logging,
): Promise<NestExpressApplication> {
  const { steps } = config.models;
  if (steps !== undefined) await loadSteps(steps.trim().split(/\s+/));
  const adapter = new LeanExpressAdapter(config.shutdown.graceSeconds * 1_000, config.server, API_HEADERS);
  const metrics = config.metrics.enabled ? new Metrics(droppedLines) : undefined;
  const authenticator = await createAuthenticator(config.security, config.jwt);
  const monitor = config.monitor.enabled ? createMonitor(config, logger, homeFolder(process.env), metrics) : undefined;
  const rollouts = monitor && new RolloutObserver(new RolloutRecorder(config.monitor, logger));
  const tracing = await createTracing(config.tracing, productVersion());
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(config, productVersion(), authenticator, metrics, tracing, monitor, rollouts),
    adapter,
    { bodyParser: false, logger: new NestLogger(logger) },
  );
  if (tracing) app.use(tracing.begin);
  const observers: RequestObserver[] = [access];
  if (rollouts) observers.push(rollouts.requests);
  if (metrics) observers.push(observeHttp(metrics.http, app));
  const [context, read] = [requestContext(app.get(RouteTable), observers), readBody(config.server.bodyLimitBytes)];
  const admission = app.get(Admission);
  app.use(context).use(requireHost);
  const authorizing = authenticator ? authorize(authenticator) : undefined;
  await secure(app, authorizing, config);
  app.use(admission.enter);
  for (const path of bodyFirstPaths(app.get(ModulesContainer))) {
    adapter.post(path, read as RequestHandler);
    if (tracing) adapter.post(path, tracing.resume as RequestHandler);
  }
  const before = adapter.handlersOf('post', '/predict');
  const direct = directRoute(app, PredictionController, 'predict', before);
  adapter.bindDirectly('/predict', direct);
  // The fast path does the work of these; any other middleware turns it off. Tokens are verified asynchronously.
  const known = new Set<unknown>([...adapter.hooks, context, requireHost, authorizing, admission.enter, read]);
  if (direct && before.every((step) => known.has(step)) && config.jwt.jwksUrl === undefined) {
    adapter.bindFast(
      '/predict',
      fastPrediction({
        path: '/predict',
        routes: app.get(RouteTable),
        bodyLimitBytes: config.server.bodyLimitBytes,
        singles: app.get(SingleExchange),
        registry: app.get(ModelRegistry),
        admission,
        authenticator,
        observers,
      }),
    );
  }
  app.get(DocsModule).attach(app);
  return app;
}
