import { createHash } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { type PipelineRecipe, readersOf } from '#features';
import type { ColumnReader, RawSchema } from '#schema';
import type { ServedModel } from '#runtime';
import { CompiledChecker } from './compiled-checker.js';
import { RowScanner } from './row-scanner.js';
import { createBatchDto, createPredictDto } from './dto/predict.dto.js';

/** What callers must send to a model: its DTO classes, and the checker compiled from them. `rows` reads what the checker need not see as values. */
export interface InputContract {
  readonly inputs: RawSchema;
  readonly predictDto: Type<object>;
  readonly batchDto: Type<object>;
  readonly checker: CompiledChecker;
  readonly rows: RowScanner;
  /** Of each input, in their order. */
  readonly readers: readonly ColumnReader[];
  /** Texts that stand for no value in CSV; those of pandas when not there. */
  readonly missing?: readonly string[];
}

/** What a model says of the tables that its rows come from. */
export type TableRules = Pick<PipelineRecipe, 'missing' | 'unused'>;

export function createContract(
  inputs: RawSchema,
  maxInstances: number,
  table: TableRules = {},
  readers: readonly ColumnReader[] = readersOf({ inputs, steps: [], ...table }),
): InputContract {
  const predictDto = createPredictDto(inputs, readers);
  return {
    inputs,
    readers,
    predictDto,
    batchDto: createBatchDto(predictDto, maxInstances),
    checker: new CompiledChecker(predictDto, inputs, readers, table.unused),
    rows: new RowScanner(
      inputs.map(({ name }) => name),
      readers,
    ),
    missing: table.missing,
  };
}

/** Makes the contract of each version that is loaded; equal ones once, as class-validator never forgets a class. */
export function inputContracts(maxInstances: number): (model: ServedModel) => InputContract {
  const made = new Map<string, InputContract>();
  return ({ inputs, table, readers, textSteps }) => {
    // A vocabulary may be of megabytes.
    const key = createHash('sha256')
      .update(JSON.stringify([inputs, table, textSteps]))
      .digest('hex');
    const contract = made.get(key) ?? createContract(inputs, maxInstances, table, readers);
    made.set(key, contract);
    return contract;
  };
}
