import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ClassLabel, GoldenSource, Task } from '#bundle';
import { COLUMN_TYPES, type ColumnType } from '#schema';
import { EngineDto } from './engine.dto.js';

const BOUND = [{ type: 'number' }, { type: 'string' }];
const LABEL = { oneOf: [{ type: 'integer' }, { type: 'string' }] };

@ApiSchema({ name: 'InputColumn' })
export class InputColumnDto {
  @ApiProperty({ example: 'feature_4' })
  readonly name!: string;

  @ApiProperty({ enum: COLUMN_TYPES })
  readonly type!: ColumnType;

  @ApiProperty({
    required: false,
    description: 'Smallest accepted value; for dates and times in the format of the column',
    oneOf: BOUND,
    example: 0,
  })
  readonly minimum?: number | string;

  @ApiProperty({ required: false, description: 'Largest accepted value, as minimum', oneOf: BOUND, example: 100 })
  readonly maximum?: number | string;

  @ApiProperty({ example: false })
  readonly nullable!: boolean;

  @ApiProperty({
    required: false,
    description: 'For a category: whether its values are texts, or numbers, where 5 and "5.0" are the same',
    enum: ['text', 'number'],
  })
  readonly codes?: 'text' | 'number';

  @ApiProperty({
    required: false,
    description: 'The values that the model knows of a category or a text',
    type: 'array',
    items: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  })
  readonly values?: readonly (string | number)[];

  @ApiProperty({
    required: false,
    description:
      'How any other value is treated: refused (`error`), as missing (`missing`), or as an unknown value (`other`). Default: `error` for a category, `other` for a text',
    enum: ['error', 'missing', 'other'],
  })
  readonly unknown?: 'error' | 'missing' | 'other';

  @ApiProperty({
    required: false,
    description:
      'Format of dates or times: strptime directives, epoch_seconds or epoch_milliseconds; default: ISO 8601',
    example: '%d.%m.%Y',
  })
  readonly format?: string;

  @ApiProperty({
    required: false,
    description: 'Time zone of times without one: UTC or an offset; if absent, such times are refused',
    example: 'UTC',
  })
  readonly timezone?: string;

  @ApiProperty({ required: false, description: 'Texts that mean that a value is missing', type: [String] })
  readonly missing?: readonly string[];
}

@ApiSchema({ name: 'Signature' })
class SignatureDto {
  @ApiProperty({ description: 'The fields that a caller sends', type: () => [InputColumnDto] })
  readonly inputs!: InputColumnDto[];

  @ApiProperty({ description: 'The features of the model, in order', type: [String] })
  readonly features!: readonly string[];

  @ApiProperty({
    description: 'Labels in the order of the probabilities; the second of two is the positive class',
    type: 'array',
    items: { oneOf: [{ type: 'integer' }, { type: 'string' }] },
    example: [0, 1],
  })
  readonly classes!: readonly (number | string)[];
}

@ApiSchema({ name: 'Parity' })
class ParityDto {
  @ApiProperty({ description: 'Golden rows reproduced before the model became ready', type: 'integer' })
  readonly rows!: number;

  @ApiProperty({ description: 'Largest relative difference of a feature' })
  readonly max_feature_error!: number;

  @ApiProperty({ description: 'Largest absolute difference of a probability', required: false })
  readonly max_probability_error?: number;

  @ApiProperty({ type: 'integer', example: 0, required: false })
  readonly labels_differing?: number;

  @ApiProperty({ description: 'Largest relative difference of a number, of a regression', required: false })
  readonly max_prediction_error?: number;
}

@ApiSchema({ name: 'Proof' })
export class ProofDto {
  @ApiProperty({ description: 'Rows that were replayed, or compared', type: 'integer', example: 256 })
  readonly rows!: number;

  @ApiProperty({
    description:
      'Where the answers come from: source, training, import (computed as it came), or translation (trees of another library, walked one by one); null if the bundle does not record it',
    type: String,
    nullable: true,
    enum: ['source', 'training', 'import', 'translation', null],
  })
  readonly answered_by!: GoldenSource | null;

  @ApiProperty({ description: 'What this proves, and what it does not' })
  readonly says!: string;
}

/** The model that serves. */
@ApiSchema({ name: 'ModelInfo' })
export class ModelInfoDto extends EngineDto {
  @ApiProperty({ example: 'random_forest' })
  readonly name!: string;

  @ApiProperty({ example: '1' })
  readonly version!: string;

  @ApiProperty({ example: 'random_forest' })
  readonly algorithm!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  readonly hyperparameters!: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  readonly metrics!: Readonly<Record<string, number>>;

  @ApiProperty({ type: 'integer', nullable: true, example: 800 })
  readonly train_samples!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 200 })
  readonly test_samples!: number | null;

  @ApiProperty({ type: 'integer', example: 14 })
  readonly n_features!: number;

  @ApiProperty({ description: 'When the model was trained, ISO 8601' })
  readonly timestamp!: string;

  @ApiProperty()
  readonly signature!: SignatureDto;

  @ApiProperty({
    description: 'SHA-256 of each file of the bundle',
    type: 'object',
    additionalProperties: { type: 'string' },
  })
  readonly sha256!: Readonly<Record<string, string>>;

  @ApiProperty()
  readonly parity!: ParityDto;

  @ApiProperty({ enum: ['binary', 'multiclass', 'regression'] })
  readonly task!: Task;

  @ApiProperty({
    description: 'As signature.classes; empty for a regression',
    type: 'array',
    items: LABEL,
    example: [0, 1],
  })
  readonly classes!: readonly ClassLabel[];

  @ApiProperty({
    description:
      'Probability of the second class from which on it is predicted; null: the most probable class is predicted',
    type: Number,
    nullable: true,
    example: null,
  })
  readonly threshold!: number | null;

  @ApiProperty({
    description:
      'The label whose probability is returned, or `prediction` for the predicted class; null for a regression',
    oneOf: [...LABEL.oneOf, { type: 'null' }],
    example: 1,
  })
  readonly probability_of!: ClassLabel | null;

  @ApiProperty()
  readonly proof!: ProofDto;
}
