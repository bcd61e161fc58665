import { Inject, Injectable } from '@nestjs/common';
import { type BatchPrediction, ModelRegistry } from '#registry';
import type { InstanceBatch } from './batch-builder.js';
import type { PredictionDto } from './dto/prediction.dto.js';
import { modelVersion, roundProbability } from './prediction-format.js';

/** Predictions of one batch with what all of them share. */
export interface StampedBatch extends BatchPrediction {
  readonly model_version: string;
  readonly timestamp: string;
}

/** Asks the model that serves, and stamps its answers. Knows no HTTP. */
@Injectable()
export class PredictionService {
  constructor(@Inject(ModelRegistry) private readonly registry: ModelRegistry) {}

  /** @param row raw values in schema order */
  async predict(row: readonly number[]): Promise<PredictionDto> {
    const { model } = this.registry;
    const { label, probability } = await model.predict(row);
    return {
      prediction: label,
      probability: roundProbability(probability),
      model_version: modelVersion(model.manifest),
      timestamp: new Date().toISOString(),
    };
  }

  async predictBatch({ columns, rows }: InstanceBatch): Promise<StampedBatch> {
    const { model } = this.registry;
    const predictions = await model.predictBatch(columns, rows);
    return { ...predictions, model_version: modelVersion(model.manifest), timestamp: new Date().toISOString() };
  }
}
