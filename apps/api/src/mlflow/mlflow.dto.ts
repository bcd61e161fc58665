import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** The answer of `/invocations`. */
@ApiSchema({ name: 'InvocationResponse' })
export class InvocationDto {
  @ApiProperty({ type: 'array', items: { oneOf: [{ type: 'integer' }, { type: 'string' }] }, example: [1] })
  readonly predictions!: readonly (number | string)[];

  @ApiProperty({
    description: 'The probability of each class, row by row; on request (params.include: probabilities)',
    required: false,
    type: 'array',
    items: { type: 'object', additionalProperties: { type: 'number' } },
  })
  readonly probabilities?: readonly Readonly<Record<string, number>>[];

  @ApiProperty({
    description: 'Id of each prediction, in the order of the rows; on request (params.include: prediction_id)',
    required: false,
    type: 'array',
    items: { type: 'string', format: 'uuid' },
  })
  readonly prediction_id?: readonly string[];

  @ApiProperty({
    description: 'Name and version of the model that answered; present with any optional part',
    required: false,
  })
  readonly model_version?: string;
}

/** An error in MLflow's format. */
@ApiSchema({ name: 'MlflowError' })
export class MlflowErrorDto {
  @ApiProperty({ example: 'BAD_REQUEST' })
  readonly error_code!: string;

  @ApiProperty({ description: 'What is wrong with this request, and how to fix it' })
  readonly message!: string;
}
