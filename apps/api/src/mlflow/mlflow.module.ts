import { type DynamicModule, Module } from '@nestjs/common';
import { MlflowController } from './mlflow.controller.js';
import { MLFLOW_OPTIONS, type MlflowOptions } from './mlflow.options.js';
import { ScoringService } from './scoring.service.js';

/** MLflow's scoring protocol for the default model. */
@Module({})
export class MlflowModule {
  /** @param imports the modules that predict rows and that infer tensors */
  static forRoot(options: MlflowOptions, imports: DynamicModule[]): DynamicModule {
    return {
      module: MlflowModule,
      imports,
      controllers: [MlflowController],
      providers: [ScoringService, { provide: MLFLOW_OPTIONS, useValue: options }],
    };
  }
}
