import { type ApiBodyOptions, ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const STATES = [
  'idle',
  'queued',
  'training',
  'gated',
  'shadow',
  'canary',
  'promoted',
  'watch',
  'settled',
  'rolled_back',
  'paused',
];

@ApiSchema({ name: 'RolloutSlice' })
export class SliceDto {
  @ApiProperty({ example: 'contract', description: 'A column of `monitor.slices`' })
  readonly column!: string;

  @ApiProperty({ example: 'One year' })
  readonly value!: string;

  @ApiProperty({ example: 812, description: 'Rows that both versions have scored' })
  readonly rows!: number;

  @ApiProperty({ example: 9, description: 'Of these, rows with different answers' })
  readonly disagreements!: number;
}

@ApiSchema({ name: 'RolloutEvidence' })
export class EvidenceDto {
  @ApiProperty({ example: 'failures' })
  readonly guard!: string;

  @ApiProperty({ example: 105, description: 'Number of events, pairs or rows behind the verdict' })
  readonly n!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.7,
    description: 'Strength of the evidence against the challenger, at any time; null if it is too large for a number',
  })
  readonly e_value!: number | null;

  @ApiProperty({ example: 80, description: 'The e-value from which on there is a verdict' })
  readonly bound!: number;

  @ApiProperty({ enum: ['worse', 'no worse', 'inconclusive'] })
  readonly verdict!: string;

  @ApiPropertyOptional({ description: 'In words, where numbers do not tell all' })
  readonly note?: string;

  @ApiPropertyOptional({
    type: () => [SliceDto],
    description: 'For `pairs`: where the two versions answer differently',
  })
  readonly slices?: readonly SliceDto[];
}

@ApiSchema({ name: 'Rollout' })
export class RolloutDto {
  @ApiProperty({ example: 'random_forest' })
  readonly model!: string;

  @ApiProperty({ enum: STATES })
  readonly state!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Id of the rollout, or of the job before it' })
  readonly id!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '3' })
  readonly champion!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '4' })
  readonly challenger!: string | null;

  @ApiProperty({ example: 0.05, description: 'Share of requests that the challenger answers' })
  readonly weight!: number;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  readonly since!: string | null;

  @ApiProperty({ type: () => [EvidenceDto] })
  readonly evidence!: readonly EvidenceDto[];

  @ApiProperty({ type: String, nullable: true })
  readonly reason!: string | null;
}

@ApiSchema({ name: 'RenewalJob' })
export class RenewalJobDto {
  @ApiProperty({ example: '1767323045000-0f3a91bc' })
  readonly job!: string;
}

/** The body of a request with a reason. */
export const REASON_BODY: ApiBodyOptions = {
  required: false,
  schema: { type: 'object', properties: { reason: { type: 'string', example: 'asked by the owner' } } },
};

export const START_BODY: ApiBodyOptions = {
  schema: {
    type: 'object',
    properties: {
      version: { type: 'string', default: 'challenger', example: '4', description: 'A version, or an alias' },
      steps: {
        type: 'array',
        items: { type: 'number', minimum: 0, maximum: 100 },
        example: [1, 5, 25, 50],
        description: 'Shares of the canary in percent, ascending; default: renewal.steps',
      },
      mode: {
        enum: ['manual', 'auto'],
        description: 'manual: a person starts the canary; default: renewal.mode',
      },
      reason: { type: 'string' },
    },
  },
};
