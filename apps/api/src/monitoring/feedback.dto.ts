import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const COUNT = { type: 'integer', minimum: 0 } as const;

/** The true outcome of a prediction. */
@ApiSchema({ name: 'Label' })
export class LabelDto {
  @ApiProperty({
    description: 'Id of the prediction; give this or external_id',
    required: false,
    format: 'uuid',
    example: '019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11',
  })
  readonly prediction_id?: string;

  @ApiProperty({
    description: "The caller's own id of the row",
    required: false,
    pattern: '^[A-Za-z0-9._:-]{1,64}$',
    example: 'order-7',
  })
  readonly external_id?: string;

  @ApiProperty({
    description: 'A class, or a number for a regression',
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
    example: 1,
  })
  readonly label!: string | number | boolean;

  @ApiProperty({
    description: 'When the label was observed; the latest one counts. Default: now',
    required: false,
    format: 'date-time',
    example: '2026-11-24T10:00:00Z',
  })
  readonly observed_at?: string;
}

/** Up to 100,000 labels. */
@ApiSchema({ name: 'Feedback' })
export class FeedbackDto {
  @ApiProperty({ type: () => [LabelDto], minItems: 1, maxItems: 100_000 })
  readonly labels!: LabelDto[];
}

/** What is wrong with a label. */
@ApiSchema({ name: 'LabelError' })
export class LabelErrorDto {
  @ApiProperty({
    description: 'Where in the body; of NDJSON and CSV the field, or empty for a line that is no label',
    example: 'labels[2].label',
  })
  readonly path!: string;

  @ApiProperty({ ...COUNT, description: 'The line on which it ends, from 1: of NDJSON and CSV', required: false })
  readonly line?: number;

  @ApiProperty({
    description: 'Its id, if it has one',
    required: false,
    example: '019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11',
  })
  readonly id?: string;

  @ApiProperty({ description: 'What belongs there', example: 'a class of random_forest:1: 0, 1' })
  readonly expected!: string;

  @ApiProperty({
    description: 'The received value; objects and arrays are only described',
    type: Object,
    example: 'yes',
  })
  readonly received!: unknown;
}

/** Number of labels by outcome. */
@ApiSchema({ name: 'LabelCounts' })
export class LabelCountsDto {
  @ApiProperty({ ...COUNT, description: 'First labels of predictions', example: 199 })
  readonly accepted!: number;

  @ApiProperty({ ...COUNT, description: 'Labels observed later, which replace earlier ones', example: 0 })
  readonly corrected!: number;

  @ApiProperty({ ...COUNT, description: 'The same labels again, or ones observed earlier', example: 0 })
  readonly duplicate!: number;

  @ApiProperty({ ...COUNT, description: 'Labels of predictions that are not in the store', example: 1 })
  readonly unknown!: number;

  @ApiProperty({ ...COUNT, description: 'Labels of predictions that are no longer stored', example: 0 })
  readonly too_old!: number;

  @ApiProperty({
    ...COUNT,
    description:
      'Without a valid label, a valid time or exactly one valid id, or with an external id that was used twice',
    example: 0,
  })
  readonly invalid!: number;

  @ApiProperty({
    description: 'The first ten ids of each outcome except accepted',
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    example: { unknown: ['019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11'] },
  })
  readonly examples!: Readonly<Record<string, readonly string[]>>;

  @ApiProperty({
    description: 'What is wrong with the first ten invalid labels; absent if all are valid',
    required: false,
    type: () => [LabelErrorDto],
  })
  readonly errors?: readonly LabelErrorDto[];
}
