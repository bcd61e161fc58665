import { validateSync } from 'class-validator';
import { received } from '#kit';
import { isObject } from '../../../http/is-object.js';
import { readJson } from '../../../http/json/read-json.js';
import { JSON_CONTENT_TYPE } from '../../../http/send-body.js';
import { invalidInput } from '../../../problem/invalid-input.js';
import type { Fault } from '../../../problem/problem.js';
import { BatchBuilder, type InstanceBatch } from '../../batch-builder.js';
import { batchExpectation } from '../../dto/predict.dto.js';
import type { InputContract } from '../../input-contract.js';
import type { BatchFormat } from '../batch-format.js';
import { ColumnBatch } from '../column-batch.js';
import { writeColumns } from './write-columns.js';
import { writeRows } from './write-rows.js';

/** A guess for the first allocation only; columns grow when it is too low. */
const SMALLEST_INSTANCE_BYTES = 64;

/** `{"instances": [{...}]}`, row by row, or `{"columns": {"name": [...]}}`; answered in the form that came. */
export const JSON_FORMAT: BatchFormat = {
  mediaTypes: ['application/json'],
  contentType: JSON_CONTENT_TYPE,
  async read(body, contract, maxInstances) {
    const capacity = Math.min(maxInstances, Math.ceil(body.length / SMALLEST_INSTANCE_BYTES));
    const builder = new BatchBuilder(contract, { capacity, maxRows: maxInstances });
    const sinkOf = (path: string): BatchBuilder | undefined => (path === 'instances' ? builder : undefined);
    const batch = await readJson(body, { sinkOf });
    if (isObject(batch) && batch.columns !== undefined && batch.instances === undefined) {
      return { ...(await readColumns(batch, batch.columns, contract, maxInstances)), write: writeColumns };
    }
    const faults = envelopeFaults(batch, contract);
    if (faults.length > 0) throw invalidInput(faults);
    if (builder.rows > 0 && builder.rows <= maxInstances) return builder.finish();
    const expected = batchExpectation(maxInstances);
    throw invalidInput([{ path: 'instances', expected, received: `an array of ${builder.rows}` }]);
  },
  write: writeRows,
};

async function readColumns(
  batch: object,
  columns: unknown,
  { checker }: InputContract,
  maxInstances: number,
): Promise<InstanceBatch> {
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

/** What is wrong around the instances, which are counted and checked as they are read. */
function envelopeFaults(batch: unknown, { batchDto }: InputContract): Fault[] {
  if (!isObject(batch)) return [{ path: '', expected: 'an object with instances', received: received(batch) }];
  const unknown = unknownFields(batch, 'instances');
  if (batch.instances instanceof BatchBuilder) return unknown;
  const typed = Object.assign(new batchDto(), { instances: batch.instances });
  const wrong = validateSync(typed).map(({ property, value, constraints }) => ({
    path: property,
    expected: Object.values(constraints!)[0],
    received: received(value),
  }));
  return [...wrong, ...unknown];
}

function unknownFields(batch: object, only: string): Fault[] {
  return Object.entries(batch)
    .filter(([name]) => name !== only)
    .map(([name, value]) => ({
      path: name,
      expected: `absent: the only field is ${only}`,
      received: value instanceof BatchBuilder ? `an array of ${value.rows}` : received(value),
    }));
}
