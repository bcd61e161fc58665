import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { type AppConfig, loadModelConfig, projectRoot } from '#config';
import { readRegularFileSync, UserError } from '#kit';
import { readPublicKey } from '#bundle';
import { RegistryModule, type RegistryOptions, type SourceOptions } from '#registry';
import { closedRoutes } from './closed-routes.js';
import { createProver } from './cluster/prover.js';
import { DocsModule } from './docs/docs.module.js';
import { GrpcModule } from './grpc/grpc.module.js';
import { HealthModule } from './health/health.module.js';
import { Admission } from './http/admission.js';
import type { Metrics } from './metrics/metrics.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { InferenceProtocolModule } from './inference-protocol/inference-protocol.module.js';
import { MlflowModule } from './mlflow/mlflow.module.js';
import { ModelsModule } from './models/models.module.js';
import type { Monitor } from './monitoring/monitor.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { MonitorPageModule } from './monitoring/page/monitor-page.module.js';
import { inputContracts } from './prediction/input-contract.js';
import { PredictionModule } from './prediction/prediction.module.js';
import { ProblemFilter } from './http/problem.filter.js';
import type { RolloutObserver } from './rollout/rollout-observer.js';
import { RolloutModule } from './rollout/rollout.module.js';
import { RoutesModule } from './routes/routes.module.js';
import type { Authenticator } from './security/authenticator.js';
import { SecurityModule } from './security/security.module.js';
import { combineObservers } from './tracing/combine-observers.js';
import type { Tracing } from './tracing/tracing.js';
import { TracingModule } from './tracing/tracing.module.js';

/** Larger than any PEM file that holds one key. */
const KEY_BYTES = 65_536;

/** @throws UserError if the file cannot be read or holds no Ed25519 key */
function publicKeyOf(path: string | undefined): RegistryOptions['publicKey'] {
  if (path === undefined) return undefined;
  try {
    return readPublicKey(readRegularFileSync(path, KEY_BYTES).toString(), path);
  } catch (error) {
    throw new UserError(`models.publicKey (MODELS_PUBLIC_KEY): ${(error as Error).message}`);
  }
}

function proverOf({ proofSeconds: seconds, cache }: AppConfig['models']): RegistryOptions['prover'] {
  return seconds > 0 ? createProver({ seconds, root: projectRoot(), cache }) : undefined;
}

/** Splits at blanks. */
const listed = (text = ''): string[] => text.split(/\s+/).filter(Boolean);

function sourceOf(models: AppConfig['models'], tracking: AppConfig['tracking']): SourceOptions | undefined {
  const { source, cache, sourceSeconds, allowedHosts, s3Endpoint } = models;
  if (source === undefined) return undefined;
  return {
    urls: listed(source),
    cache,
    seconds: sourceSeconds,
    allowedHosts: listed(allowedHosts),
    s3Endpoint,
    mlflowUri: tracking.uri,
    areSigned: models.publicKey !== undefined,
  };
}

const pagesOf = (
  { monitor: { store, schema, maxBytes }, models, renewal }: AppConfig,
  monitor?: Monitor,
): DynamicModule =>
  MonitorPageModule.forRoot(
    models.directory,
    renewal.jobs,
    { store, schema, maxBytes, script: join(projectRoot(), 'dist/api/monitor-page.js') },
    monitor,
  );

/** The composition root: passes each module the part of the configuration that it needs. */
@Module({})
export class AppModule {
  /**
   * @param authenticator `null` in an open server
   * @param metrics absent if metrics are disabled
   * @param tracing absent if tracing is disabled
   * @param monitor absent if no predictions are kept; then `rollouts` is absent too
   */
  static forRoot(
    config: AppConfig,
    version: string,
    authenticator: Authenticator | null,
    metrics?: Metrics,
    tracing?: Tracing,
    monitor?: Monitor,
    rollouts?: RolloutObserver,
  ): DynamicModule {
    const { server, models, inference, batch, shutdown, tracking, renewal } = config;
    const protocol = InferenceProtocolModule.forRoot({
      bodyLimitBytes: server.bodyLimitBytes,
      version,
      adminRoutes: authenticator !== null,
    });
    const prediction = PredictionModule.forRoot({
      maxInstances: batch.maxInstances,
      bodyLimitBytes: server.bodyLimitBytes,
    });
    return {
      module: AppModule,
      imports: [
        RoutesModule.forRoot(closedRoutes(config, authenticator !== null)),
        RegistryModule.forRoot({
          directory: models.directory,
          source: sourceOf(models, tracking),
          defaultModel: models.default,
          load: models.load,
          labels: models.labels,
          watchSeconds: models.watchSeconds,
          publicKey: publicKeyOf(models.publicKey),
          prover: proverOf(models),
          ...inference,
          contractOf: inputContracts(batch.maxInstances),
          observer: combineObservers(metrics?.inference, tracing, monitor?.observer, rollouts?.observer),
        }),
        prediction,
        SecurityModule.forRoot(authenticator),
        ModelsModule,
        RolloutModule.forRoot(
          {
            models,
            renewal,
            renewalOf: (model) => loadModelConfig(model, process.env).renewal,
            bodyLimitBytes: server.bodyLimitBytes,
          },
          authenticator !== null,
          rollouts,
          metrics,
        ),
        HealthModule.forRoot(shutdown.drainSeconds * 1_000),
        MlflowModule.forRoot({ bodyLimitBytes: server.bodyLimitBytes, version }, [prediction, protocol]),
        TracingModule.forRoot(tracing ?? null),
        MonitoringModule.forRoot(monitor ?? null, { bodyLimitBytes: server.bodyLimitBytes }),
        ...(config.monitor.page ? [pagesOf(config, monitor)] : []),
        ...(metrics ? [MetricsModule.forRoot(metrics, config.metrics.port !== undefined)] : []),
        protocol,
        GrpcModule.forRoot(protocol, authenticator !== null),
        DocsModule.forRoot({ version }),
      ],
      providers: [
        { provide: Admission, useValue: new Admission(server) },
        ProblemFilter,
        { provide: APP_FILTER, useExisting: ProblemFilter },
      ],
    };
  }
}
