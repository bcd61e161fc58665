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
  ValidateBy,
} from 'class-validator';
import { type ColumnReader, type JsonSchema, kindOf, type RawColumn, type RawSchema } from '#schema';

/** class-validator rules for a column of plain numbers. */
function numberRules({ type, minimum, maximum }: JsonSchema, message: string): PropertyDecorator[] {
  return [
    type === 'integer' ? IsInt({ message }) : IsNumber({ allowNaN: false, allowInfinity: false }, { message }),
    ...(minimum === undefined ? [] : [Min(minimum, { message })]),
    ...(maximum === undefined ? [] : [Max(maximum, { message })]),
  ];
}

/** The rule for any other column: its reader accepts the value. */
function readerRule(reader: ColumnReader): PropertyDecorator {
  const validator = { validate: (value: unknown) => reader.fromJson(value) !== undefined };
  return ValidateBy({ name: 'reads', validator }, { message: reader.expected });
}

function decorate(target: object, column: RawColumn, reader: ColumnReader): void {
  const { name, nullable } = column;
  const schema = kindOf(column).jsonSchema(column);
  const isPlain = reader.isFlat && column.missing === undefined;
  const rules = [
    ApiProperty({ ...schema, required: !nullable }),
    ...(nullable ? [IsOptional()] : []),
    ...(isPlain ? numberRules(schema, reader.expected) : [readerRule(reader)]),
  ];
  for (const rule of rules) rule(target, name);
}

function named(name: string): Type<object> {
  return { [name]: class {} }[name];
}

/**
 * The DTO class of one instance, made from the columns that a model's bundle declares: the documented contract, as
 * class-validator rules and as a Swagger schema. `CompiledChecker` checks the same rules faster.
 *
 * @param readers of the columns, in the same order
 */
export function createPredictDto(inputs: RawSchema, readers: readonly ColumnReader[]): Type<object> {
  const dto = named('PredictRequest');
  inputs.forEach((column, c) => decorate(dto.prototype as object, column, readers[c]));
  return dto;
}

const BY_SETTING = 'the limit of batch.maxInstances (MAX_BATCH_INSTANCES)';

/** The required number of something in a batch, in words. */
export const oneToMost = (maxInstances: number, what: string): string => `1 to ${maxInstances} ${what}, ${BY_SETTING}`;

/** The expected form of a batch, in words. */
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
