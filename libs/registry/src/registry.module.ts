import { type DynamicModule, Module } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { ModelRegistry } from './model-registry.js';
import { REGISTRY_OPTIONS, type RegistryOptions } from './registry.options.js';

@Module({})
export class RegistryModule {
  static forRoot(options: RegistryOptions): DynamicModule {
    return {
      module: RegistryModule,
      global: true,
      providers: [FeaturePipeline, ModelRegistry, { provide: REGISTRY_OPTIONS, useValue: options }],
      exports: [ModelRegistry, FeaturePipeline],
    };
  }
}
