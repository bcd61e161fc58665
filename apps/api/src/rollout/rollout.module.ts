import { type DynamicModule, Inject, Module, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ModelRegistry } from '#registry';
import { Metrics } from '../metrics/metrics.js';
import { RolloutController } from './rollout.controller.js';
import { RolloutObserver } from './rollout-observer.js';
import { ROLLOUT_OPTIONS, type RolloutOptions } from './rollout.options.js';

/** Rollouts of models: observes both sides, and lets administrators change which version serves. */
@Module({})
export class RolloutModule implements OnApplicationShutdown {
  /**
   * @param hasRoutes whether callers are authenticated; otherwise nobody may change which version serves
   * @param observer absent if no predictions are kept
   * @param metrics absent if metrics are disabled
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
