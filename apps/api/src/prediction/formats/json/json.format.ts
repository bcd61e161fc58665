import { setImmediate as turn } from 'node:timers/promises';
import { validateSync } from 'class-validator';
import type { BodyParts } from '../../../http/body-parts.js';
import { parseJson } from '../../../http/parse-json.js';
import { invalidInput, received } from '../../../problem/invalid-input.js';
import type { Fault } from '../../../problem/problem.js';
import { batchExpectation } from '../../dto/predict.dto.js';
import { BatchBuilder, type InstanceBatch } from '../../batch-builder.js';
import type { InputContract } from '../../input-contract.js';
import { ColumnBatch } from '../column-batch.js';
import type { BatchFormat, ReadBatch } from '../batch-format.js';
import { instanceSlices, isSliceable } from './instance-slices.js';
import { writeColumns } from './write-columns.js';
import { isObject } from '../../../http/is-object.js';
import { JSON_CONTENT_TYPE } from '../../../http/send-body.js';
import { writeRows } from './write-rows.js';

/** A guess for the first allocation only; columns grow when it is too low. */
const SMALLEST_INSTANCE_BYTES = 64;

/** `{"instances": [{...}]}`, row by row, or `{"columns": {"name": [...]}}`; answered in the form that came. */
export const JSON_FORMAT: BatchFormat = {
  mediaTypes: ['application/json'],
  contentType: JSON_CONTENT_TYPE,
  async read(body, contract, maxInstances) {
    const sliced = isSliceable(body) ? await readSlices(body, contract, maxInstances) : undefined;
    return sliced ?? readWhole(parseJson(body.whole()), contract, maxInstances);
  },
  write: writeRows,
};

async function readSlices(
  body: BodyParts,
  { checker }: InputContract,
  maxInstances: number,
): Promise<InstanceBatch | undefined> {
  const builder = new BatchBuilder(checker, Math.min(maxInstances, Math.ceil(body.length / SMALLEST_INSTANCE_BYTES)));
  let rows = 0;
  for (const slice of instanceSlices(body)) {
    if (!slice) return undefined;
    rows += slice.length;
    // What is too many is counted only.
    if (rows <= maxInstances) builder.add(slice);
    await turn();
  }
  if (rows <= maxInstances) return builder.finish();
  const expected = batchExpectation(maxInstances);
  throw invalidInput([{ path: 'instances', expected, received: `an array of ${rows}` }]);
}

function readWhole(batch: unknown, contract: InputContract, maxInstances: number): ReadBatch {
  if (isObject(batch) && batch.columns !== undefined && batch.instances === undefined) {
    return { ...readColumns(batch, batch.columns, contract, maxInstances), write: writeColumns };
  }
  const faults = envelopeFaults(batch, contract);
  if (faults.length > 0) throw invalidInput(faults);
  const { instances } = batch as { instances: unknown[] };
  const builder = new BatchBuilder(contract.checker, instances.length);
  builder.add(instances);
  return builder.finish();
}

function readColumns(batch: object, columns: unknown, { checker }: InputContract, maxInstances: number): InstanceBatch {
  const faults = unknownFields(batch, 'columns');
  if (!isObject(columns)) {
    const expected = 'an object with an array of values per field';
    throw invalidInput([...faults, { path: 'columns', expected, received: received(columns) }]);
  }
  for (const [name, values] of Object.entries(columns)) {
    if (!Array.isArray(values)) {
      faults.push({ path: `columns.${name}`, expected: 'an array of values', received: received(values) });
    }
  }
  if (faults.length > 0) throw invalidInput(faults);
  return new ColumnBatch(checker, new Map(Object.entries(columns as Record<string, unknown[]>))).check(maxInstances);
}

function envelopeFaults(batch: unknown, { batchDto }: InputContract): Fault[] {
  if (!isObject(batch)) return [{ path: '', expected: 'an object with instances', received: received(batch) }];
  const typed = Object.assign(new batchDto(), { instances: batch.instances });
  const wrong = validateSync(typed).map(({ property, value, constraints }) => ({
    path: property,
    expected: Object.values(constraints!)[0],
    received: received(value),
  }));
  return [...wrong, ...unknownFields(batch, 'instances')];
}

function unknownFields(batch: object, only: string): Fault[] {
  return Object.entries(batch)
    .filter(([name]) => name !== only)
    .map(([name, value]) => ({
      path: name,
      expected: `absent: the only field is ${only}`,
      received: received(value),
    }));
}
