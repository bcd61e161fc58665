import { createHash } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { type PipelineRecipe, readersOf } from '#features';
import type { ColumnReader, RawSchema } from '#schema';
import type { ServedModel } from '#runtime';
import { CompiledChecker } from './compiled-checker.js';
import { RowScanner } from './row-scanner.js';
import { createBatchDto, createPredictDto } from './dto/predict.dto.js';

/**
 * What callers must send to a model: its DTO classes, and the checker compiled from them. `rows` reads rows that need
 * not become objects for the checker.
 */
export interface InputContract {
  readonly inputs: RawSchema;
  readonly predictDto: Type<object>;
  readonly batchDto: Type<object>;
  readonly checker: CompiledChecker;
  readonly rows: RowScanner;
  /** One for each input, in order. */
  readonly readers: readonly ColumnReader[];
  /** Texts that mean a missing value in CSV; default those of pandas. */
  readonly missing?: readonly string[];
}

/** A model's rules for the tables that its rows come from. */
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
    rows: new RowScanner(inputs, readers),
    missing: table.missing,
  };
}

/** Makes the contract of each loaded version; equal ones are shared, because class-validator never frees a class. */
export function inputContracts(maxInstances: number): (model: ServedModel) => InputContract {
  const made = new Map<string, InputContract>();
  return ({ inputs, table, readers, textSteps }) => {
    // Hashed, because a vocabulary may have megabytes.
    const key = createHash('sha256')
      .update(JSON.stringify([inputs, table, textSteps]))
      .digest('hex');
    const contract = made.get(key) ?? createContract(inputs, maxInstances, table, readers);
    made.set(key, contract);
    return contract;
  };
}
