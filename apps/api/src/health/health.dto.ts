import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** The original service's health answer. */
@ApiSchema({ name: 'Health' })
export class HealthDto {
  @ApiProperty({ enum: ['healthy', 'unhealthy'] })
  readonly status!: 'healthy' | 'unhealthy';

  @ApiProperty()
  readonly model_loaded!: boolean;

  @ApiProperty({ type: 'string', nullable: true, example: 'random_forest' })
  readonly model_algorithm!: string | null;

  @ApiProperty({ type: 'number', nullable: true, example: 0.995 })
  readonly model_accuracy!: number | null;

  @ApiProperty({ description: 'ISO 8601, UTC', format: 'date-time' })
  readonly timestamp!: string;
}
