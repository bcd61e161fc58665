import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { ModelRegistry } from '#registry';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { showModels } from './model.metrics.js';

@Module({})
export class MetricsModule {
  /** @param hasOwnPort whether metrics have a separate port; then there is no route for them */
  static forRoot(metrics: Metrics, hasOwnPort: boolean): DynamicModule {
    return {
      module: MetricsModule,
      controllers: hasOwnPort ? [] : [MetricsController],
      providers: [{ provide: Metrics, useValue: metrics }],
      exports: [Metrics],
    };
  }

  constructor(@Inject(Metrics) { registry }: Metrics, @Inject(ModelRegistry) models: ModelRegistry) {
    showModels(registry, models);
  }
}
