import { Inject, Injectable } from '@nestjs/common';
import { FeatureOverflowError } from '#bundle';
import type { Lease } from '#registry';
import { idText, type LoadedModel, type ServedModel, type TensorModel } from '#runtime';
import { DataPlane } from '../inference-protocol/data-plane/data-plane.js';
import { asCatalogModel } from '../inference-protocol/data-plane/registry-catalog.js';
import type { BodyParts } from '../http/body-parts.js';
import { type Pieces, shortened } from '../prediction/formats/batch-format.js';
import { countOf } from '../prediction/answer-writer.js';
import { shareWriter } from '../prediction/include/write-shares.js';
import type { InputContract } from '../prediction/input-contract.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from '../prediction/prediction.options.js';
import { PredictionService, type StampedBatch } from '../prediction/prediction.service.js';
import { featureOverflow } from '../problem/feature-overflow.js';
import { InvocationRows } from './formats/invocation-rows.js';
import { nestedJson } from './formats/nested-json.js';
import type { NamedTensor } from '../inference-protocol/tensors/tensor.js';
import { toTensors } from './formats/to-tensors.js';
import { readInvocation } from './read-invocation.js';

/** Labels per piece. */
const LABELS_PER_PIECE = 8_192;

/** Scores MLflow's requests: rows by the rules of `/predict`, or tensors. Knows no HTTP. */
@Injectable()
export class ScoringService {
  constructor(
    @Inject(DataPlane) private readonly plane: DataPlane,
    @Inject(PredictionService) private readonly predictions: PredictionService,
    @Inject(PREDICTION_OPTIONS) private readonly options: PredictionOptions,
  ) {}

  /**
   * @returns the answer as JSON text, piece by piece: `predictions`, a list of labels in the order of the rows, or for a
   * tensor model an object of its outputs; and the parts that `params.include` requests
   * @throws Problem `unsupported-media-type`, `malformed-json`, `bad-request` or `invalid-input` naming rows and columns
   * @throws InvalidTensorError naming the tensor
   */
  async score(
    { model, contract }: Lease<LoadedModel, InputContract | undefined>,
    body: BodyParts,
    contentType: string | undefined,
  ): Promise<Pieces | string> {
    return model.kind === 'tensor'
      ? this.scoreTensors(model, body, contentType)
      : this.scoreRows(model, contract!, body, contentType);
  }

  private async scoreTensors(
    model: TensorModel,
    body: BodyParts,
    contentType: string | undefined,
  ): Promise<Pieces | string> {
    const invocation = await readInvocation(body, contentType);
    const inputs = await toTensors(invocation, model.inputs);
    const { outputs } = await this.plane.infer(asCatalogModel(model), { inputs });
    return shortened(Math.max(...outputs.map(({ data }) => data.length)), writeOutputs(outputs));
  }

  private async scoreRows(
    model: ServedModel,
    contract: InputContract,
    body: BodyParts,
    contentType: string | undefined,
  ): Promise<Pieces | string> {
    const rows = new InvocationRows(contract, this.options.maxInstances);
    const invocation = await readInvocation(body, contentType, rows.sinkOf);
    const batch = await rows.finish(invocation);
    try {
      const answer = await this.predictions.predictBatch(model, batch, invocation.include);
      return shortened(batch.rows, writeAnswer(answer));
    } catch (error) {
      if (error instanceof FeatureOverflowError) throw featureOverflow(error, (row) => `row[${row}]`);
      throw error;
    }
  }
}

/** Texts separated by commas, in pieces. */
function* joined(count: number, textOf: (row: number) => string): Generator<string> {
  for (let start = 0; start < count; start += LABELS_PER_PIECE) {
    const length = Math.min(LABELS_PER_PIECE, count - start);
    yield (start === 0 ? '' : ',') + Array.from({ length }, (_, i) => textOf(start + i)).join(',');
  }
}

/**
 * The labels, or numbers of a regression; if requested, the ids, the probabilities of each row, and the version that
 * answered.
 */
function* writeAnswer(batch: StampedBatch): Generator<string> {
  const { ids, labels, classIndices, scores, values, model_version, withIds } = batch;
  const count = countOf(batch);
  const texts = labels.map((label) => JSON.stringify(label));
  yield '{"predictions":[';
  yield* joined(count, (row) => (values ? String(values[row]) : texts[classIndices[row]]));
  yield ']';
  if (withIds) {
    yield ',"prediction_id":[';
    yield* joined(count, (row) => `"${idText(ids, row)}"`);
    yield ']';
  }
  if (scores) {
    yield ',"probabilities":[';
    const names = labels.map((label, c) => `${c === 0 ? '{' : ','}${JSON.stringify(String(label))}:`);
    yield* joined(count, shareWriter(scores, names, '}'));
    yield ']';
  }
  yield withIds || scores ? `,"model_version":${JSON.stringify(model_version)}}` : '}';
}

function* writeOutputs(outputs: readonly NamedTensor[]): Generator<string> {
  yield '{"predictions":{';
  for (const [i, output] of outputs.entries()) {
    yield `${i === 0 ? '' : ','}${JSON.stringify(output.name)}:`;
    yield* nestedJson(output);
  }
  yield '}}';
}
