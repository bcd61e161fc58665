import { Inject, Injectable } from '@nestjs/common';
import { FeatureOverflowError, ModelRegistry } from '#registry';
import { DataPlane } from '../inference-protocol/data-plane/data-plane.js';
import { BatchBuilder } from '../prediction/batch-builder.js';
import { InputContracts } from '../prediction/input-contracts.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from '../prediction/prediction.options.js';
import { PredictionService } from '../prediction/prediction.service.js';
import { featureOverflow } from '../problem/feature-overflow.js';
import { badFormat } from './formats/columns.js';
import { nestedJson } from './formats/nested-json.js';
import { toRows } from './formats/to-rows.js';
import { toTensors } from './formats/to-tensors.js';
import type { Invocation } from './read-invocation.js';

const ROWS = 'row';

/** Asks the default model as MLflow does: rows by the rules of `/predict`, or tensors. Knows no HTTP. */
@Injectable()
export class ScoringService {
  constructor(
    @Inject(ModelRegistry) private readonly registry: ModelRegistry,
    @Inject(DataPlane) private readonly plane: DataPlane,
    @Inject(InputContracts) private readonly contracts: InputContracts,
    @Inject(PredictionService) private readonly predictions: PredictionService,
    @Inject(PREDICTION_OPTIONS) private readonly options: PredictionOptions,
  ) {}

  /**
   * @returns the predictions as JSON text: a list of labels in the order of the rows, or of a model of tensors an object
   *   of its outputs
   * @throws Problem `bad-request` or `invalid-input` naming rows and columns
   * @throws InvalidTensorError naming the tensor
   */
  async score(invocation: Invocation): Promise<string> {
    const { state } = this.registry;
    if (state.status === 'ready' && state.model.kind === 'tensor') {
      return this.scoreTensors(invocation, state.model.manifest.name);
    }
    return this.scoreRows(await toRows(invocation, this.options.maxInstances));
  }

  private async scoreTensors(invocation: Invocation, name: string): Promise<string> {
    const inputs = toTensors(invocation, this.plane.inputsOf(name));
    const { outputs } = await this.plane.infer(name, undefined, { inputs });
    return `{${outputs.map((output) => `${JSON.stringify(output.name)}:${nestedJson(output)}`).join(',')}}`;
  }

  private async scoreRows(rows: readonly unknown[]): Promise<string> {
    const { maxInstances } = this.options;
    if (rows.length === 0 || rows.length > maxInstances) {
      throw badFormat(`The input must have 1 to ${maxInstances} rows; send several smaller ones`);
    }
    const contract = this.contracts.current;
    const builder = new BatchBuilder(contract.checker, rows.length, ROWS);
    builder.add(rows);
    try {
      const { labels, classIndices } = await this.predictions.predictBatch({ contract, ...builder.finish() });
      const texts = labels.map((label) => JSON.stringify(label));
      return `[${Array.from(classIndices, (index) => texts[index]).join(',')}]`;
    } catch (error) {
      if (error instanceof FeatureOverflowError) throw featureOverflow(error, (row) => `${ROWS}[${row}]`);
      throw error;
    }
  }
}
