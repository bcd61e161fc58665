import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Endpoints' })
class EndpointsDto {
  @ApiProperty({ example: '/predict' })
  readonly predict!: string;

  @ApiProperty({ example: '/predict/batch' })
  readonly predict_batch!: string;

  @ApiProperty({ example: '/model/info' })
  readonly model_info!: string;

  @ApiProperty({ example: '/health/live' })
  readonly live!: string;

  @ApiProperty({ example: '/health/ready' })
  readonly ready!: string;

  @ApiProperty({ example: '/health/startup' })
  readonly startup!: string;

  @ApiProperty({ example: '/redoc' })
  readonly redoc!: string;

  @ApiProperty({ example: '/openapi.json' })
  readonly openapi!: string;
}

/** Where to go from here. */
@ApiSchema({ name: 'Root' })
export class RootDto {
  @ApiProperty({ example: 'Skewless' })
  readonly name!: string;

  @ApiProperty({ example: 'ML Model Serving API' })
  readonly message!: string;

  @ApiProperty({ example: '0.1.0' })
  readonly version!: string;

  @ApiProperty({ example: '/docs' })
  readonly docs!: string;

  @ApiProperty({ example: '/health' })
  readonly health!: string;

  @ApiProperty()
  readonly endpoints!: EndpointsDto;
}
