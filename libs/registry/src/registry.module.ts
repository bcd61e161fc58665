import { type DynamicModule, Module } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { INFERENCE_OBSERVER, UNOBSERVED } from '#runtime';
import { ModelRegistry } from './model-registry.js';
import { REGISTRY_OPTIONS, type RegistryOptions } from './registry.options.js';

@Module({})
export class RegistryModule {
  static forRoot(options: RegistryOptions): DynamicModule {
    return {
      module: RegistryModule,
      global: true,
      providers: [
        FeaturePipeline,
        ModelRegistry,
        { provide: REGISTRY_OPTIONS, useValue: options },
        { provide: INFERENCE_OBSERVER, useValue: options.observer ?? UNOBSERVED },
      ],
      exports: [ModelRegistry, FeaturePipeline, INFERENCE_OBSERVER],
    };
  }
}
