import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { AppConfig } from '#config';
import { RegistryModule } from '#registry';
import { DocsModule } from './docs/docs.module.js';
import { HealthModule } from './health/health.module.js';
import { ModelsModule } from './models/models.module.js';
import { PredictionModule } from './prediction/prediction.module.js';
import { ProblemFilter } from './problem/problem.filter.js';

/** The composition: hands each module the part of the configuration that it needs. */
@Module({})
export class AppModule {
  static forRoot({ models, inference, batch, shutdown }: AppConfig, version: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        RegistryModule.forRoot({ directory: models.directory, defaultModel: models.default, ...inference }),
        PredictionModule.forRoot({ maxInstances: batch.maxInstances }),
        ModelsModule,
        HealthModule.forRoot(shutdown.drainSeconds * 1_000),
        DocsModule.forRoot({ version }),
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}
