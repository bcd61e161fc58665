import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import type { RawColumn, RawSchema } from '#schema';

const NUMBER_RULE = { allowNaN: false, allowInfinity: false };

/** What a value of the column must be, in words: the message of each of its rules. */
export function expectation({ type, minimum, maximum, nullable }: RawColumn): string {
  const kind = type === 'integer' ? 'a whole number' : 'a finite number';
  const range =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? ` of at least ${minimum}`
        : maximum !== undefined
          ? ` of at most ${maximum}`
          : '';
  return `${kind}${range}${nullable ? ', or null' : ''}`;
}

function decorate(target: object, column: RawColumn): void {
  const { name, type, minimum, maximum, nullable, description, example } = column;
  const message = expectation(column);
  const rules = [
    ApiProperty({
      type: type === 'integer' ? 'integer' : 'number',
      minimum,
      maximum,
      nullable,
      description,
      example,
      required: !nullable,
    }),
    ...(nullable ? [IsOptional()] : []),
    type === 'integer' ? IsInt({ message }) : IsNumber(NUMBER_RULE, { message }),
    ...(minimum === undefined ? [] : [Min(minimum, { message })]),
    ...(maximum === undefined ? [] : [Max(maximum, { message })]),
  ];
  for (const rule of rules) rule(target, name);
}

function named(name: string): Type<object> {
  return { [name]: class {} }[name];
}

/**
 * The DTO class of one instance, made from the columns that a model's bundle declares. Its decorators are the one
 * source of rules, messages and Swagger schema.
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
