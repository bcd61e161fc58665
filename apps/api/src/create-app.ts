import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from '@nestjs/common/interfaces/http/http-server.interface.js';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type AppConfig, homeFolder, projectRoot } from '#config';
import { loadSteps } from '#features';
import { AppModule } from './app.module.js';
import { DocsModule } from './docs/docs.module.js';
import { Admission } from './http/admission.js';
import { directRoute } from './http/direct-route.js';
import { LeanExpressAdapter } from './http/lean-express.adapter.js';
import { readBody } from './http/read-body.js';
import { type AnswerObserver, requestContext } from './http/request-context.js';
import { requireHost } from './http/require-host.js';
import type { Logging } from './logging/create-logging.js';
import { NestLogger } from './logging/nest-logger.js';
import { Metrics } from './metrics/metrics.js';
import { observeHttp } from './metrics/observe-http.js';
import { createMonitor } from './monitoring/create-monitor.js';
import { PredictionController } from './prediction/prediction.controller.js';
import { RolloutObserver } from './rollout/rollout-observer.js';
import { RolloutRecorder } from './rollout/rollout-recorder.js';
import { bodyFirstPaths } from './routes/read-routes.js';
import { RouteTable } from './routes/route-table.js';
import { API_HEADERS } from './security/headers/api-headers.js';
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
  const observers: AnswerObserver[] = [access.write];
  if (rollouts) observers.push(rollouts.answered);
  if (metrics) observers.push(observeHttp(metrics.http, app));
  app.use(requestContext(app.get(RouteTable), observers)).use(requireHost);
  await secure(app, authenticator, config);
  app.use(app.get(Admission).enter);
  for (const path of bodyFirstPaths(app.get(ModulesContainer))) {
    adapter.post(path, readBody(config.server.bodyLimitBytes) as RequestHandler);
    if (tracing) adapter.post(path, tracing.resume as RequestHandler);
  }
  const before = adapter.handlersOf('post', '/predict');
  adapter.bindDirectly('/predict', directRoute(app, PredictionController, 'predict', before));
  app.get(DocsModule).attach(app);
  return app;
}
