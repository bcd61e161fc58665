import { Inject, Injectable } from '@nestjs/common';
import { ModelRegistry } from '#registry';
import { createContract, type InputContract } from './input-contract.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from './prediction.options.js';

/** Keeps one contract per raw schema: class-validator never forgets a class, so a reload must not make a new one. */
@Injectable()
export class InputContracts {
  private readonly contracts = new Map<string, InputContract>();
  private latest?: { inputs: unknown; contract: InputContract };

  constructor(
    @Inject(ModelRegistry) private readonly registry: ModelRegistry,
    @Inject(PREDICTION_OPTIONS) private readonly options: PredictionOptions,
  ) {}

  /**
   * The contract of the model that serves.
   *
   * @throws ModelNotReadyError while there is none
   */
  get current(): InputContract {
    const { inputs } = this.registry.model;
    if (this.latest?.inputs !== inputs) {
      const key = JSON.stringify(inputs);
      const contract = this.contracts.get(key) ?? createContract(inputs, this.options.maxInstances);
      this.contracts.set(key, contract);
      this.latest = { inputs, contract };
    }
    return this.latest.contract;
  }
}
