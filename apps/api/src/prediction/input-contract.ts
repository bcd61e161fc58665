import type { Type } from '@nestjs/common';
import type { RawSchema } from '#features';
import { CompiledChecker } from './compiled-checker.js';
import { createBatchDto, createPredictDto } from './dto/predict.dto.js';

/** What callers must send to a model: its DTO classes, and the checker compiled from them. */
export interface InputContract {
  readonly predictDto: Type<object>;
  readonly batchDto: Type<object>;
  readonly checker: CompiledChecker;
}

export function createContract(inputs: RawSchema, maxInstances: number): InputContract {
  const predictDto = createPredictDto(inputs);
  return {
    predictDto,
    batchDto: createBatchDto(predictDto, maxInstances),
    checker: new CompiledChecker(
      predictDto,
      inputs.map(({ name }) => name),
    ),
  };
}
