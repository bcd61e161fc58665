import { Inject, Injectable } from '@nestjs/common';
import type { RawSchema } from '#schema';
import { ModelRegistry } from '#registry';
import type { ServedModel } from '#runtime';
import { createContract, type InputContract } from './input-contract.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from './prediction.options.js';

/** Keeps one contract per raw schema: class-validator never forgets a class, so a reload must not make a new one. */
@Injectable()
export class InputContracts {
  private readonly byText = new Map<string, InputContract>();
  private readonly bySchema = new WeakMap<RawSchema, InputContract>();

  constructor(
    @Inject(ModelRegistry) private readonly registry: ModelRegistry,
    @Inject(PREDICTION_OPTIONS) private readonly options: PredictionOptions,
  ) {}

  /**
   * The contract of the default model.
   *
   * @throws ModelNotReadyError while there is none
   * @throws NoPipelineError when it takes tensors
   */
  get current(): InputContract {
    return this.of(this.registry.model);
  }

  of({ inputs, table }: ServedModel): InputContract {
    let contract = this.bySchema.get(inputs);
    if (!contract) {
      const text = JSON.stringify([inputs, table]);
      contract = this.byText.get(text) ?? createContract(inputs, this.options.maxInstances, table);
      this.byText.set(text, contract);
      this.bySchema.set(inputs, contract);
    }
    return contract;
  }
}
