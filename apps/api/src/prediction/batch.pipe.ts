import { setImmediate as turn } from 'node:timers/promises';
import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { INFERENCE_OBSERVER, type InferenceObserver } from '#registry';
import { assertUtf8, parseJson } from '../http/parse-json.js';
import { invalidInput, received } from '../problem/invalid-input.js';
import type { Fault } from '../problem/problem.js';
import { BatchBuilder, type InstanceBatch } from './batch-builder.js';
import type { InputContract } from './input-contract.js';
import { InputContracts } from './input-contracts.js';
import { instanceSlices, isSliceable } from './json-slices.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from './prediction.options.js';

/** A checked batch, and what it was checked against. */
export interface CheckedBatch extends InstanceBatch {
  readonly contract: InputContract;
}

/** A guess for the first allocation only; columns grow when it is too low. */
const SMALLEST_INSTANCE_BYTES = 64;

/** Turns the body of a batch into columns, or says what is wrong with it; a large one is read in slices. */
@Injectable()
export class BatchPipe implements PipeTransform<Buffer, Promise<CheckedBatch>> {
  constructor(
    @Inject(InputContracts) private readonly contracts: InputContracts,
    @Inject(PREDICTION_OPTIONS) private readonly options: PredictionOptions,
    @Inject(INFERENCE_OBSERVER) private readonly observer: InferenceObserver,
  ) {}

  async transform(body: Buffer): Promise<CheckedBatch> {
    const started = performance.now();
    const contract = this.contracts.current;
    const sliced = isSliceable(body) ? await this.readSlices(body, contract) : undefined;
    const batch = sliced ?? this.readWhole(body, contract);
    this.observer.validated(performance.now() - started);
    return { contract, ...batch };
  }

  private async readSlices(body: Buffer, contract: InputContract): Promise<InstanceBatch | undefined> {
    assertUtf8(body);
    const capacity = Math.min(this.options.maxInstances, Math.ceil(body.length / SMALLEST_INSTANCE_BYTES));
    const builder = new BatchBuilder(contract.checker, capacity);
    for (const slice of instanceSlices(body)) {
      if (!slice || builder.size + slice.length > this.options.maxInstances) return undefined;
      builder.add(slice);
      await turn();
    }
    return builder.finish();
  }

  private readWhole(body: Buffer, contract: InputContract): InstanceBatch {
    const batch = parseJson(body);
    const faults = envelopeFaults(batch, contract);
    if (faults.length > 0) throw invalidInput(faults);
    const { instances } = batch as { instances: unknown[] };
    const builder = new BatchBuilder(contract.checker, instances.length);
    builder.add(instances);
    return builder.finish();
  }
}

function envelopeFaults(batch: unknown, { batchDto }: InputContract): Fault[] {
  if (typeof batch !== 'object' || batch === null || Array.isArray(batch)) {
    return [{ path: '', expected: 'an object with instances', received: received(batch) }];
  }
  const typed = Object.assign(new batchDto(), { instances: (batch as { instances?: unknown }).instances });
  const wrong = validateSync(typed).map(({ property, value, constraints }) => ({
    path: property,
    expected: Object.values(constraints!)[0],
    received: received(value),
  }));
  const unknown = Object.entries(batch)
    .filter(([name]) => name !== 'instances')
    .map(([name, value]) => ({
      path: name,
      expected: 'absent: the only field is instances',
      received: received(value),
    }));
  return [...wrong, ...unknown];
}
