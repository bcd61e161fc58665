import { Inject, Injectable } from '@nestjs/common';
import { INFERENCE_OBSERVER, type InferenceObserver } from '#runtime';
import type { InputContract } from './input-contract.js';
import { readInstance, type ReadRow } from './read-instance.js';

/** Reads the body of a single prediction, or says all that is wrong with it. */
@Injectable()
export class InstanceReader {
  constructor(@Inject(INFERENCE_OBSERVER) private readonly observer: InferenceObserver) {}

  /** At once, but for a body so large that it is read in turns. */
  read(body: Buffer, contract: InputContract): ReadRow | Promise<ReadRow> {
    const started = performance.now();
    const read = readInstance(body, contract);
    if (read instanceof Promise) return read.then((row) => this.checked(row, started));
    return this.checked(read, started);
  }

  private checked(row: ReadRow, started: number): ReadRow {
    this.observer.validated(performance.now() - started);
    return row;
  }
}
