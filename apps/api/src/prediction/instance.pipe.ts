import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { INFERENCE_OBSERVER, type InferenceObserver } from '#registry';
import { parseJson } from '../http/parse-json.js';
import { invalidInput } from '../problem/invalid-input.js';
import type { InputContract } from './input-contract.js';
import { InputContracts } from './input-contracts.js';

/** A checked instance: raw values in column order, NaN for null. */
export interface CheckedInstance {
  readonly contract: InputContract;
  readonly values: readonly number[];
}

/** Checks the body of a single prediction, or says all that is wrong with it. */
@Injectable()
export class InstancePipe implements PipeTransform<Buffer, CheckedInstance> {
  constructor(
    @Inject(InputContracts) private readonly contracts: InputContracts,
    @Inject(INFERENCE_OBSERVER) private readonly observer: InferenceObserver,
  ) {}

  transform(body: Buffer): CheckedInstance {
    return this.read(body, this.contracts.current);
  }

  read(body: Buffer, contract: InputContract): CheckedInstance {
    const started = performance.now();
    const { checker } = contract;
    const instance = parseJson(body);
    const values: number[] = [];
    if (!checker.read(instance, values)) throw invalidInput(checker.explain(instance));
    this.observer.validated(performance.now() - started);
    return { contract, values };
  }
}
