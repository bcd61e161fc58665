import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const COUNT = { type: 'integer', minimum: 0 } as const;

/** The true outcome of a prediction. */
@ApiSchema({ name: 'Label' })
export class LabelDto {
  @ApiProperty({
    description: 'Of the prediction; this or external_id',
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
    description: 'A class, or a number where numbers are predicted',
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
    example: 1,
  })
  readonly label!: string | number | boolean;

  @ApiProperty({
    description: 'Of several labels the latest observed counts; now where it is not given',
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

/** Number of labels by outcome. */
@ApiSchema({ name: 'LabelCounts' })
export class LabelCountsDto {
  @ApiProperty({ ...COUNT, description: 'First labels of predictions', example: 199 })
  readonly accepted!: number;

  @ApiProperty({ ...COUNT, description: 'Later observed labels, which count now', example: 0 })
  readonly corrected!: number;

  @ApiProperty({ ...COUNT, description: 'The same labels again, or ones observed earlier', example: 0 })
  readonly duplicate!: number;

  @ApiProperty({ ...COUNT, description: 'Of predictions that the store does not have', example: 1 })
  readonly unknown!: number;

  @ApiProperty({ ...COUNT, description: 'Of predictions that are not kept any more', example: 0 })
  readonly too_old!: number;

  @ApiProperty({
    ...COUNT,
    description: 'Without a label, a time or one id that can be read; or of an external id used twice',
    example: 0,
  })
  readonly invalid!: number;

  @ApiProperty({
    description: 'The first ten ids of each outcome but accepted',
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    example: { unknown: ['019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11'] },
  })
  readonly examples!: Readonly<Record<string, readonly string[]>>;
}
