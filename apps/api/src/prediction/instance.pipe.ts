import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { INFERENCE_OBSERVER, type InferenceObserver } from '#runtime';
import type { InputContract } from './input-contract.js';
import { InputContracts } from './input-contracts.js';
import { readInstance } from './read-instance.js';

/** A checked instance: raw values in column order, NaN for null. */
export interface CheckedInstance {
  readonly contract: InputContract;
  readonly values: readonly number[];
}

/** Checks the body of a single prediction, or says all that is wrong with it. */
@Injectable()
export class InstancePipe implements PipeTransform<Buffer, CheckedInstance | Promise<CheckedInstance>> {
  constructor(
    @Inject(InputContracts) private readonly contracts: InputContracts,
    @Inject(INFERENCE_OBSERVER) private readonly observer: InferenceObserver,
  ) {}

  transform(body: Buffer): CheckedInstance | Promise<CheckedInstance> {
    return this.read(body, this.contracts.current);
  }

  /** At once, but for a body so large that it is read in turns. */
  read(body: Buffer, contract: InputContract): CheckedInstance | Promise<CheckedInstance> {
    const started = performance.now();
    const read = readInstance(body, contract);
    if (read instanceof Promise) return read.then((values) => this.checked(contract, values, started));
    return this.checked(contract, read, started);
  }

  private checked(contract: InputContract, values: readonly number[], started: number): CheckedInstance {
    this.observer.validated(performance.now() - started);
    return { contract, values };
  }
}
