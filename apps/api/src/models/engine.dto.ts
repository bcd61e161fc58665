import { ApiProperty } from '@nestjs/swagger';

/** The engine that computes a model. */
export abstract class EngineDto {
  @ApiProperty({ description: 'What computes the model', enum: ['kernel', 'onnxruntime'] })
  readonly engine!: 'kernel' | 'onnxruntime';

  @ApiProperty({ description: 'Why', example: 'It answers 1198 rows as ONNX Runtime does, bit for bit' })
  readonly engine_reason!: string;
}
