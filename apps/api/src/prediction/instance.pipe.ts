import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { ModelRegistry } from '#registry';
import { INFERENCE_OBSERVER, type InferenceObserver } from '#runtime';
import type { InputContract } from './input-contract.js';
import type { PredictionLease } from './prediction-lease.js';
import { readInstance } from './read-instance.js';

/** A checked instance of the default model, which is held until its taker releases it. */
export interface CheckedInstance {
  readonly lease: PredictionLease;
  /** Raw values in column order, NaN for null. */
  readonly values: readonly number[];
}

/** Checks the body of a single prediction, or says all that is wrong with it. */
@Injectable()
export class InstancePipe implements PipeTransform<Buffer, CheckedInstance | Promise<CheckedInstance>> {
  constructor(
    @Inject(ModelRegistry) private readonly registry: ModelRegistry<InputContract>,
    @Inject(INFERENCE_OBSERVER) private readonly observer: InferenceObserver,
  ) {}

  transform(body: Buffer): CheckedInstance | Promise<CheckedInstance> {
    const lease = this.registry.leaseServed();
    const fail = (error: unknown): never => {
      lease.release();
      throw error;
    };
    try {
      const values = this.read(body, lease.contract);
      return values instanceof Promise ? values.then((read) => ({ lease, values: read }), fail) : { lease, values };
    } catch (error) {
      return fail(error);
    }
  }

  /** At once, but for a body so large that it is read in turns. */
  read(body: Buffer, contract: InputContract): readonly number[] | Promise<readonly number[]> {
    const started = performance.now();
    const read = readInstance(body, contract);
    if (read instanceof Promise) return read.then((values) => this.checked(values, started));
    return this.checked(read, started);
  }

  private checked(values: readonly number[], started: number): readonly number[] {
    this.observer.validated(performance.now() - started);
    return values;
  }
}
