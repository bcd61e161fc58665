import { Injectable } from '@nestjs/common';
import type { BatchPrediction, Prediction, ServedModel } from '#runtime';
import type { ClassLabel } from '#bundle';
import { isoNow } from './clock.js';
import type { InstanceBatch } from './batch-builder.js';
import type { PredictionDto } from './dto/prediction.dto.js';
import { checkInclude } from './include/check-include.js';
import { type Include, NOTHING } from './include/include.js';
import { modelVersion, roundProbability } from './prediction-format.js';

/** Predictions of one batch, with the values that they share. */
export interface StampedBatch extends BatchPrediction {
  readonly model_version: string;
  readonly timestamp: string;
  /** Whether ids were requested, for formats that include them only then. */
  readonly withIds: boolean;
}

/** One answer, and if requested the probabilities of all classes. */
export interface StampedPrediction extends PredictionDto {
  readonly scored?: { readonly labels: readonly ClassLabel[]; readonly scores: ArrayLike<number> };
}

/** Predicts with a model, and adds the version, time and ids to its answers. Knows no HTTP. */
@Injectable()
export class PredictionService {
  /**
   * Synchronous if the model answers synchronously.
   *
   * @param values of one checked instance, in column order, NaN for null
   * @param include requested parts of the answer
   * @param externalId the caller's id of the row
   */
  predict(
    model: ServedModel,
    values: readonly number[],
    include: Include = NOTHING,
    externalId?: string,
  ): StampedPrediction | Promise<StampedPrediction> {
    checkInclude(model, include);
    const predicted = model.predict(values, externalId);
    if (!(predicted instanceof Promise)) return stamped(model, predicted, include);
    return predicted.then((arrived) => stamped(model, arrived, include));
  }

  /** As {@link predict}, for many instances. */
  async predictBatch(
    model: ServedModel,
    { columns, rows, ...batch }: InstanceBatch,
    include: Include = NOTHING,
  ): Promise<StampedBatch> {
    checkInclude(model, include);
    const predictions = await model.predictBatch(columns, rows, { ...batch, withScores: include.has('probabilities') });
    const withIds = include.has('prediction_id');
    return { ...predictions, model_version: modelVersion(model.manifest), timestamp: isoNow(), withIds };
  }
}

function stamped(
  { manifest }: ServedModel,
  { id, label, probability, scores, offset }: Prediction,
  include: Include,
): StampedPrediction {
  const { classes: labels } = manifest;
  return {
    prediction: label,
    probability: Number.isNaN(probability) ? undefined : roundProbability(probability),
    model_version: modelVersion(manifest),
    timestamp: isoNow(),
    prediction_id: id,
    scored: include.has('probabilities')
      ? { labels, scores: scores.subarray(offset, offset + labels.length) }
      : undefined,
  };
}
