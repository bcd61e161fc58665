import { type DynamicModule, Module } from '@nestjs/common';
import { BatchExchange } from './batch-exchange.js';
import { NdjsonStream } from './formats/ndjson/ndjson-stream.js';
import { IncludePipe } from './include/include.pipe.js';
import { ModelPredictionController } from './model-prediction.controller.js';
import { PredictionController } from './prediction.controller.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from './prediction.options.js';
import { PredictionService } from './prediction.service.js';
import { SingleExchange } from './single-exchange.js';

@Module({})
export class PredictionModule {
  static forRoot(options: PredictionOptions): DynamicModule {
    return {
      module: PredictionModule,
      controllers: [PredictionController, ModelPredictionController],
      providers: [
        PredictionService,
        SingleExchange,
        IncludePipe,
        BatchExchange,
        NdjsonStream,
        { provide: PREDICTION_OPTIONS, useValue: options },
      ],
      exports: [PredictionService, PREDICTION_OPTIONS],
    };
  }
}
