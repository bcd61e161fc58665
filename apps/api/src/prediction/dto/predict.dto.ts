import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  Max,
  Min,
  type ValidationOptions,
} from 'class-validator';
import { type JsonSchema, kindOf, type RawColumn, type RawSchema } from '#schema';

/** class-validator's rule for each type of JSON Schema. */
const TYPE_RULES: Readonly<Record<JsonSchema['type'], (options: ValidationOptions) => PropertyDecorator>> = {
  integer: IsInt,
  number: (options) => IsNumber({ allowNaN: false, allowInfinity: false }, options),
};

function decorate(target: object, column: RawColumn): void {
  const { name, nullable } = column;
  const kind = kindOf(column);
  const schema = kind.jsonSchema(column);
  const { type, minimum, maximum } = schema;
  const message = kind.expectation(column);
  const rules = [
    ApiProperty({ ...schema, required: !nullable }),
    ...(nullable ? [IsOptional()] : []),
    TYPE_RULES[type]({ message }),
    ...(minimum === undefined ? [] : [Min(minimum, { message })]),
    ...(maximum === undefined ? [] : [Max(maximum, { message })]),
  ];
  for (const rule of rules) rule(target, name);
}

function named(name: string): Type<object> {
  return { [name]: class {} }[name];
}

/**
 * The DTO class of one instance, made from the columns that a model's bundle declares: the documented contract, in rules of
 * class-validator and as Swagger schema. `CompiledChecker` tests the same rules faster.
 */
export function createPredictDto(inputs: RawSchema): Type<object> {
  const dto = named('PredictRequest');
  for (const column of inputs) decorate(dto.prototype as object, column);
  return dto;
}

const BY_SETTING = 'by batch.maxInstances (MAX_BATCH_INSTANCES)';

/** How many of something a batch must have, in words. */
export const oneToMost = (maxInstances: number, what: string): string => `1 to ${maxInstances} ${what}, ${BY_SETTING}`;

/** What a batch must be, in words. */
export const batchExpectation = (maxInstances: number): string => `an array of ${oneToMost(maxInstances, 'instances')}`;

/** The DTO class of a batch. Its rows are checked against `predictDto`, column by column, as they are read. */
export function createBatchDto(predictDto: Type<object>, maxInstances: number): Type<object> {
  const dto = named('BatchPredictRequest');
  const message = batchExpectation(maxInstances);
  const rules = [
    ApiProperty({ type: () => [predictDto], minItems: 1, maxItems: maxInstances }),
    IsArray({ message }),
    ArrayMinSize(1, { message }),
    ArrayMaxSize(maxInstances, { message }),
  ];
  for (const rule of rules) rule(dto.prototype as object, 'instances');
  return dto;
}
