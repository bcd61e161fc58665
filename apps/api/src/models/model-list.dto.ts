import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'ListedVersion' })
export class ListedVersionDto {
  @ApiProperty({ example: '1' })
  readonly version!: string;

  @ApiProperty({ type: [String], example: ['champion'] })
  readonly aliases!: readonly string[];

  @ApiProperty({ enum: ['ready', 'loading', 'failed', 'unloaded'] })
  readonly status!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed' })
  readonly reason!: string | null;
}

@ApiSchema({ name: 'ListedModel' })
export class ListedModelDto {
  @ApiProperty({ example: 'random_forest' })
  readonly name!: string;

  @ApiProperty({ type: () => [ListedVersionDto] })
  readonly versions!: ListedVersionDto[];
}

/** All models of the folder. */
@ApiSchema({ name: 'ModelList' })
export class ModelListDto {
  @ApiProperty({ type: () => [ListedModelDto] })
  readonly models!: ListedModelDto[];
}
