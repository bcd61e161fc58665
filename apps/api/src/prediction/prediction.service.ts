import { Inject, Injectable } from '@nestjs/common';
import type { BatchPrediction, ServedModel } from '#runtime';
import { type ClassLabel, ModelNotReadyError } from '#bundle';
import { ModelRegistry } from '#registry';
import { isoNow } from './clock.js';
import type { InstanceBatch } from './batch-builder.js';
import type { PredictionDto } from './dto/prediction.dto.js';
import { type Include, NOTHING } from './include/include.js';
import type { InputContract } from './input-contract.js';
import { InputContracts } from './input-contracts.js';
import type { CheckedInstance } from './instance.pipe.js';
import { modelVersion, roundProbability } from './prediction-format.js';

/** A checked batch, and what it was checked against. */
export interface CheckedBatch extends InstanceBatch {
  readonly contract: InputContract;
}

/** Predictions of one batch with what all of them share. */
export interface StampedBatch extends BatchPrediction {
  readonly model_version: string;
  readonly timestamp: string;
}

/** One answer, and the probabilities of all classes where they were asked for. */
export interface StampedPrediction extends PredictionDto {
  readonly scored?: { readonly labels: readonly ClassLabel[]; readonly scores: Float32Array };
}

/** Names a model that is not the default one. */
export interface ModelChoice {
  readonly name: string;
  /** A version or an alias; the champion when not given. */
  readonly version?: string;
}

/** Asks the model that serves, and stamps its answers. Knows no HTTP. */
@Injectable()
export class PredictionService {
  constructor(
    @Inject(ModelRegistry) private readonly registry: ModelRegistry,
    @Inject(InputContracts) private readonly contracts: InputContracts,
  ) {}

  /**
   * @param choice the default model when not given
   * @param include parts that come only when they are asked for
   */
  async predict(
    { contract, values }: CheckedInstance,
    choice?: ModelChoice,
    include: Include = NOTHING,
  ): Promise<StampedPrediction> {
    const model = this.modelFor(contract, choice);
    const { label, probability, scores, offset } = await model.predict(values);
    const answer = {
      prediction: label,
      probability: roundProbability(probability),
      model_version: modelVersion(model.manifest),
      timestamp: isoNow(),
    };
    if (!include.has('probabilities')) return answer;
    const labels = model.manifest.classes;
    return { ...answer, scored: { labels, scores: scores.subarray(offset, offset + labels.length) } };
  }

  /** As {@link predict}, of many. */
  async predictBatch(
    { contract, columns, rows }: CheckedBatch,
    choice?: ModelChoice,
    include: Include = NOTHING,
  ): Promise<StampedBatch> {
    const model = this.modelFor(contract, choice);
    const predictions = await model.predictBatch(columns, rows, include.has('probabilities'));
    return { ...predictions, model_version: modelVersion(model.manifest), timestamp: isoNow() };
  }

  /** @throws ModelNotReadyError when a model with another schema took over after the input was checked */
  private modelFor(contract: InputContract, choice: ModelChoice | undefined): ServedModel {
    const model = choice ? this.registry.findServed(choice.name, choice.version) : this.registry.model;
    if (this.contracts.of(model) !== contract) {
      throw new ModelNotReadyError('A model with another schema took over while the request was read; send it again');
    }
    return model;
  }
}
