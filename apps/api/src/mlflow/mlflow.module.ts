import { type DynamicModule, Module } from '@nestjs/common';
import { MlflowController } from './mlflow.controller.js';
import { MLFLOW_OPTIONS, type MlflowOptions } from './mlflow.options.js';
import { ScoringService } from './scoring.service.js';

/** MLflow's scoring protocol for the default model. */
@Module({})
export class MlflowModule {
  /** @param prediction the module that checks and predicts */
  static forRoot(options: MlflowOptions, prediction: DynamicModule): DynamicModule {
    return {
      module: MlflowModule,
      imports: [prediction],
      controllers: [MlflowController],
      providers: [ScoringService, { provide: MLFLOW_OPTIONS, useValue: options }],
    };
  }
}
