import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { LabelSource } from '#bundle';
import { ProofDto } from './model-info.dto.js';
import { EngineDto } from './engine.dto.js';

@ApiSchema({ name: 'Tensor' })
class TensorDto {
  @ApiProperty({ example: 'INPUT0' })
  readonly name!: string;

  @ApiProperty({ type: String, example: 'INT32' })
  readonly datatype!: string;

  @ApiProperty({ type: [Number], example: [-1, 16], description: '-1 stands for any size' })
  readonly shape!: readonly number[];
}

/** A model without a pipeline: tensors in, tensors out. */
@ApiSchema({ name: 'TensorModelInfo' })
export class TensorModelInfoDto extends EngineDto {
  @ApiProperty({ example: 'adder' })
  readonly name!: string;

  @ApiProperty({ example: '1' })
  readonly version!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly description!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'When it was imported, ISO 8601' })
  readonly timestamp!: string | null;

  @ApiProperty({ type: () => [TensorDto] })
  readonly inputs!: readonly TensorDto[];

  @ApiProperty({ type: () => [TensorDto] })
  readonly outputs!: readonly TensorDto[];

  @ApiProperty({ description: 'SHA-256 of each file', type: 'object', additionalProperties: { type: 'string' } })
  readonly sha256!: Readonly<Record<string, string>>;

  @ApiProperty({
    enum: ['model', 'argmax'],
    description: "A classifier's label: its own output, or its largest probability",
  })
  readonly labels!: LabelSource;

  @ApiProperty()
  readonly proof!: ProofDto;
}
