import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** What `/invocations` answers. */
@ApiSchema({ name: 'InvocationResponse' })
export class InvocationDto {
  @ApiProperty({ type: 'array', items: { oneOf: [{ type: 'integer' }, { type: 'string' }] }, example: [1] })
  readonly predictions!: readonly (number | string)[];
}

/** An error as MLflow words it. */
@ApiSchema({ name: 'MlflowError' })
export class MlflowErrorDto {
  @ApiProperty({ example: 'BAD_REQUEST' })
  readonly error_code!: string;

  @ApiProperty({ description: 'What is wrong with this request, and how to mend it' })
  readonly message!: string;
}
