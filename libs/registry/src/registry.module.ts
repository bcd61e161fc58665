import { ConfigurableModuleBuilder, Global, Module } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { INFERENCE_OBSERVER, UNOBSERVED } from '#runtime';
import { ModelRegistry } from './model-registry.js';
import { REGISTRY_OPTIONS, type RegistryOptions } from './registry.options.js';

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<RegistryOptions>({
  optionsInjectionToken: REGISTRY_OPTIONS,
})
  .setClassMethodName('forRoot')
  .build();

/** `forRoot(options)`, or `forRootAsync({ inject, useFactory })` where another provider supplies them. */
@Global()
@Module({
  providers: [
    FeaturePipeline,
    ModelRegistry,
    {
      provide: INFERENCE_OBSERVER,
      inject: [REGISTRY_OPTIONS],
      useFactory: ({ observer }: RegistryOptions) => observer ?? UNOBSERVED,
    },
  ],
  exports: [ModelRegistry, FeaturePipeline, INFERENCE_OBSERVER],
})
export class RegistryModule extends ConfigurableModuleClass {}
