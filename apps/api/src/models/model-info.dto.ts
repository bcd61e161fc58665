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

  @ApiProperty({ required: false, description: 'Of dates and times written as they are', oneOf: BOUND, example: 0 })
  readonly minimum?: number | string;

  @ApiProperty({ required: false, description: 'As minimum', oneOf: BOUND, example: 100 })
  readonly maximum?: number | string;

  @ApiProperty({ example: false })
  readonly nullable!: boolean;

  @ApiProperty({
    required: false,
    description: 'Of a category: whether its values are texts, or numbers, of which 5 and "5.0" are one',
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
      'What becomes of any other value: refused, taken for none, or for one that is like no other; `error` if a category does not say, `other` if a text does not',
    enum: ['error', 'missing', 'other'],
  })
  readonly unknown?: 'error' | 'missing' | 'other';

  @ApiProperty({
    required: false,
    description:
      'How dates or times are written: by parts of strptime, or whole numbers of epoch_seconds or epoch_milliseconds; if it is missing, as ISO 8601 says',
    example: '%d.%m.%Y',
  })
  readonly format?: string;

  @ApiProperty({
    required: false,
    description: 'Of times that come without one: UTC or an offset; if it is missing, such times are refused',
    example: 'UTC',
  })
  readonly timezone?: string;

  @ApiProperty({ required: false, description: 'Texts that stand for no value', type: [String] })
  readonly missing?: readonly string[];
}

@ApiSchema({ name: 'Signature' })
class SignatureDto {
  @ApiProperty({ description: 'What a caller sends', type: () => [InputColumnDto] })
  readonly inputs!: InputColumnDto[];

  @ApiProperty({ description: 'What enters the model, in order', type: [String] })
  readonly features!: readonly string[];

  @ApiProperty({
    description: 'Labels in the order of the probabilities; of two the second is the positive class',
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
      'Who answered them: source, training, import (computed as it came), or translation (trees of another library, walked one by one); null where the bundle does not say',
    type: String,
    nullable: true,
    enum: ['source', 'training', 'import', 'translation', null],
  })
  readonly answered_by!: GoldenSource | null;

  @ApiProperty({ description: 'What that proves, and what not' })
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
    description: 'As signature.classes; none of a regression',
    type: 'array',
    items: LABEL,
    example: [0, 1],
  })
  readonly classes!: readonly ClassLabel[];

  @ApiProperty({
    description: 'From which probability of the second class on it is the prediction; null: the most probable class is',
    type: Number,
    nullable: true,
    example: null,
  })
  readonly threshold!: number | null;

  @ApiProperty({
    description: 'Whose `probability` is answered: that label, or that of the prediction; null of a regression',
    oneOf: [...LABEL.oneOf, { type: 'null' }],
    example: 1,
  })
  readonly probability_of!: ClassLabel | null;

  @ApiProperty()
  readonly proof!: ProofDto;
}
