import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** Every path, by name; the first ones are those of the original service. */
export const ENDPOINTS = {
  predict: '/predict',
  predict_batch: '/predict/batch',
  feedback: '/feedback',
  model_info: '/model/info',
  models: '/models',
  model: '/models/{model}',
  model_predict: '/models/{model}/predict',
  model_predict_batch: '/models/{model}/predict/batch',
  version: '/models/{model}/versions/{version}',
  version_predict: '/models/{model}/versions/{version}/predict',
  version_predict_batch: '/models/{model}/versions/{version}/predict/batch',
  health: '/health',
  live: '/health/live',
  ready: '/health/ready',
  startup: '/health/startup',
  metrics: '/metrics',
  monitor: '/monitor',
  monitor_model: '/monitor/{model}',
  monitor_column: '/monitor/{model}/columns/{column}',
  inference_protocol: '/v2',
  inference_live: '/v2/health/live',
  inference_ready: '/v2/health/ready',
  inference_statistics: '/v2/models/stats',
  inference_model: '/v2/models/{model}',
  inference_model_ready: '/v2/models/{model}/ready',
  inference_model_statistics: '/v2/models/{model}/stats',
  inference_infer: '/v2/models/{model}/infer',
  inference_version: '/v2/models/{model}/versions/{version}',
  inference_version_ready: '/v2/models/{model}/versions/{version}/ready',
  inference_version_statistics: '/v2/models/{model}/versions/{version}/stats',
  inference_version_infer: '/v2/models/{model}/versions/{version}/infer',
  inference_repository: '/v2/repository/index',
  mlflow_invocations: '/invocations',
  mlflow_ping: '/ping',
  mlflow_version: '/version',
  root: '/',
  docs: '/docs',
  redoc: '/redoc',
  openapi: '/openapi.json',
} as const;

/** Links to the endpoints. */
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

  @ApiProperty({
    description: 'All paths, by name',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: ENDPOINTS,
  })
  readonly endpoints!: Readonly<Record<string, string>>;
}
