import { type DynamicModule, Inject, Module, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ModelRegistry } from '#registry';
import { Metrics } from '../metrics/metrics.js';
import { RolloutController } from './rollout.controller.js';
import { RolloutObserver } from './rollout-observer.js';
import { ROLLOUT_OPTIONS, type RolloutOptions } from './rollout.options.js';

/** Rollouts of models: both sides are watched, and who may changes which version serves. */
@Module({})
export class RolloutModule implements OnApplicationShutdown {
  /**
   * @param hasRoutes whether callers are known: nobody else changes what serves
   * @param observer absent where no predictions are kept
   * @param metrics absent where nothing is counted
   */
  static forRoot(
    options: RolloutOptions,
    hasRoutes: boolean,
    observer: RolloutObserver | undefined,
    metrics: Metrics | undefined,
  ): DynamicModule {
    return {
      module: RolloutModule,
      controllers: hasRoutes ? [RolloutController] : [],
      providers: [
        { provide: ROLLOUT_OPTIONS, useValue: options },
        { provide: RolloutObserver, useValue: observer ?? null },
        { provide: Metrics, useValue: metrics ?? null },
      ],
    };
  }

  constructor(
    @Optional() @Inject(RolloutObserver) private readonly observer: RolloutObserver | null,
    @Optional() @Inject(Metrics) metrics: Metrics | null,
    @Inject(ModelRegistry) registry: ModelRegistry,
  ) {
    observer?.follow(registry);
    if (metrics) observer?.show(metrics.registry, registry);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.observer?.close();
  }
}
