import { Inject, Injectable } from '@nestjs/common';
import { FeatureOverflowError } from '#registry';
import { BatchBuilder } from '../prediction/batch-builder.js';
import { InputContracts } from '../prediction/input-contracts.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from '../prediction/prediction.options.js';
import { PredictionService } from '../prediction/prediction.service.js';
import { featureOverflow } from '../problem/feature-overflow.js';
import { badFormat } from './formats/columns.js';

const ROWS = 'row';

/** Scores rows with the default model, by the same rules as `/predict`. Knows no HTTP. */
@Injectable()
export class ScoringService {
  constructor(
    @Inject(InputContracts) private readonly contracts: InputContracts,
    @Inject(PredictionService) private readonly predictions: PredictionService,
    @Inject(PREDICTION_OPTIONS) private readonly options: PredictionOptions,
  ) {}

  get maxRows(): number {
    return this.options.maxInstances;
  }

  /**
   * @param rows one object per row
   * @returns labels, in the order of the rows, as JSON texts
   * @throws Problem `bad-request` or `invalid-input` naming rows and columns
   */
  async score(rows: readonly unknown[]): Promise<string[]> {
    if (rows.length === 0 || rows.length > this.maxRows) {
      throw badFormat(`The input must have 1 to ${this.maxRows} rows; send several smaller ones`);
    }
    const contract = this.contracts.current;
    const builder = new BatchBuilder(contract.checker, rows.length, ROWS);
    builder.add(rows);
    try {
      const { labels, classIndices } = await this.predictions.predictBatch({ contract, ...builder.finish() });
      const texts = labels.map((label) => JSON.stringify(label));
      return Array.from(classIndices, (index) => texts[index]);
    } catch (error) {
      if (error instanceof FeatureOverflowError) throw featureOverflow(error, (row) => `${ROWS}[${row}]`);
      throw error;
    }
  }
}
