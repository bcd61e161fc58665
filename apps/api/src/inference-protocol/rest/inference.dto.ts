import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const DATATYPE = { example: 'FP64', description: 'BOOL, UINT8 to UINT64, INT8 to INT64, FP32, FP64 or BYTES' };

@ApiSchema({ name: 'InferenceError' })
export class InferenceErrorDto {
  @ApiProperty({ description: 'What is wrong with this request, and how to fix it' })
  readonly error!: string;
}

@ApiSchema({ name: 'ServerLive' })
export class ServerLiveDto {
  @ApiProperty()
  readonly live!: boolean;
}

@ApiSchema({ name: 'ServerReady' })
export class ServerReadyDto {
  @ApiProperty({ description: 'The same as `ready`, under the name that clients of the protocol read' })
  readonly live!: boolean;

  @ApiProperty()
  readonly ready!: boolean;
}

@ApiSchema({ name: 'ModelReady' })
export class ModelReadyDto {
  @ApiProperty({ example: 'random_forest' })
  readonly name!: string;

  @ApiProperty()
  readonly ready!: boolean;
}

@ApiSchema({ name: 'ServerMetadata' })
export class ServerMetadataDto {
  @ApiProperty({ example: 'skewless' })
  readonly name!: string;

  @ApiProperty({ example: '0.1.0' })
  readonly version!: string;

  @ApiProperty({ type: [String], example: ['binary_tensor_data', 'model_repository', 'statistics'] })
  readonly extensions!: readonly string[];
}

@ApiSchema({ name: 'TensorMetadata' })
export class TensorMetadataDto {
  @ApiProperty({ example: 'feature_1' })
  readonly name!: string;

  @ApiProperty({ ...DATATYPE, type: String })
  readonly datatype!: string;

  @ApiProperty({ type: [Number], example: [-1], description: '-1 stands for any size' })
  readonly shape!: readonly number[];
}

@ApiSchema({ name: 'ModelMetadata' })
export class ModelMetadataDto {
  @ApiProperty({ example: 'random_forest' })
  readonly name!: string;

  @ApiProperty({ type: [String], example: ['1'] })
  readonly versions!: readonly string[];

  @ApiProperty({ example: 'onnx_onnxv1' })
  readonly platform!: string;

  @ApiProperty({ type: () => [TensorMetadataDto] })
  readonly inputs!: readonly TensorMetadataDto[];

  @ApiProperty({ type: () => [TensorMetadataDto] })
  readonly outputs!: readonly TensorMetadataDto[];
}

@ApiSchema({ name: 'InferenceResponse' })
export class InferenceResponseDto {
  @ApiProperty({ description: 'That of the request', required: false })
  readonly id?: string;

  @ApiProperty({ example: 'random_forest' })
  readonly model_name!: string;

  @ApiProperty({ example: '1' })
  readonly model_version!: string;

  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      required: ['name', 'datatype', 'shape'],
      properties: {
        name: { type: 'string' },
        datatype: { type: 'string' },
        shape: { type: 'array', items: { type: 'integer' } },
        parameters: { type: 'object', properties: { binary_data_size: { type: 'integer' } } },
        data: { type: 'array', items: {}, description: 'Row-major; absent where the data is binary' },
      },
    },
  })
  readonly outputs!: readonly object[];
}

@ApiSchema({ name: 'ModelStatistics' })
export class StatisticsDto {
  @ApiProperty({
    description: "One entry per version: Triton's statistics extension, counted by this process since it started",
    type: 'array',
    items: { type: 'object', additionalProperties: true },
  })
  readonly model_stats!: readonly object[];
}

@ApiSchema({ name: 'RepositoryIndexEntry' })
export class IndexEntryDto {
  @ApiProperty({ example: 'random_forest' })
  readonly name!: string;

  @ApiProperty({ example: '1' })
  readonly version!: string;

  @ApiProperty({ enum: ['READY', 'LOADING', 'UNAVAILABLE'] })
  readonly state!: string;

  @ApiProperty({ description: 'Reason; empty if there is none' })
  readonly reason!: string;
}
