import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** One prediction, as the API returns it. */
@ApiSchema({ name: 'PredictResponse' })
export class PredictionDto {
  @ApiProperty({
    description: 'Label of the predicted class, or the predicted number of a regression',
    oneOf: [{ type: 'number' }, { type: 'string' }],
    example: 1,
  })
  readonly prediction!: number | string;

  @ApiProperty({
    description:
      'Probability of the second of two classes, otherwise of the predicted class (see probability_of); 6 decimals. Absent for a regression',
    selfRequired: false,
    minimum: 0,
    maximum: 1,
    example: 0.98,
  })
  readonly probability?: number;

  @ApiProperty({ description: 'Name and version of the model that answered', example: 'random_forest:1' })
  readonly model_version!: string;

  @ApiProperty({ description: 'ISO 8601, UTC', format: 'date-time', example: '2026-11-23T10:00:00.000Z' })
  readonly timestamp!: string;

  @ApiProperty({
    description: 'Id of this prediction (UUIDv7), by which its label can be sent later',
    format: 'uuid',
    example: '019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11',
  })
  readonly prediction_id!: string;

  @ApiProperty({
    description: 'The probability of each class; on request (include=probabilities)',
    selfRequired: false,
    type: 'object',
    additionalProperties: { type: 'number' },
    example: { 0: 0.02, 1: 0.98 },
  })
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** Predictions in the order of the instances. */
@ApiSchema({ name: 'BatchPredictResponse' })
export class BatchPredictionDto {
  @ApiProperty({ type: () => [PredictionDto] })
  readonly predictions!: PredictionDto[];

  @ApiProperty({ minimum: 1, example: 1, type: 'integer' })
  readonly count!: number;
}
