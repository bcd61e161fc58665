import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { EvidenceDto } from '../../rollout/rollout.dto.js';

const SHARE = { minimum: 0, maximum: 1 } as const;
const SHARE_OR_NULL = { type: 'number', nullable: true, ...SHARE } as const;
const STATUSES = ['as_usual', 'moved', 'too_few_rows', 'no_baseline'] as const;

@ApiSchema({ name: 'MonitorWindow' })
export class MonitorWindowDto {
  @ApiProperty({ enum: ['1h', '1d', '7d', '28d'], example: '1d' })
  readonly scale!: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-28T00:00:00.000Z' })
  readonly from!: string;

  @ApiProperty({ description: 'Excluded', format: 'date-time', example: '2026-11-29T00:00:00.000Z' })
  readonly to!: string;

  @ApiProperty({ description: 'An open window is shown as it is so far, and raises no alarm' })
  readonly closed!: boolean;

  @ApiProperty({ type: 'integer', description: 'Number of rows predicted in the window', example: 1212 })
  readonly rows!: number;
}

@ApiSchema({ name: 'MonitorAlarm' })
export class MonitorAlarmDto {
  @ApiProperty({ enum: ['drift', 'accuracy', 'error'], example: 'drift' })
  readonly kind!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'Of a drift', example: 'feature_4' })
  readonly column!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Which rows', example: 'values above 61.2' })
  readonly split!: string | null;

  @ApiProperty({
    description: 'Share of such rows in the reference; the registered accuracy, or mean absolute error',
    example: 0.5,
  })
  readonly baseline!: number;

  @ApiProperty({ example: 0.634 })
  readonly now!: number;

  @ApiProperty({ description: 'Of the 95 % interval of now', example: 0.601 })
  readonly low!: number;

  @ApiProperty({ example: 0.666 })
  readonly high!: number;

  @ApiProperty({
    ...SHARE_OR_NULL,
    description: 'p-value over all tests of the column; for drift only',
    example: 3e-9,
  })
  readonly p!: number | null;

  @ApiProperty({ ...SHARE_OR_NULL, description: 'Significance level: an alarm needs a smaller p', example: 4e-5 })
  readonly level!: number | null;

  @ApiProperty({ format: 'date-time', description: 'End of the first window with this alarm' })
  readonly since!: string;
}

@ApiSchema({ name: 'MonitorColumn' })
export class MonitorColumnDto {
  @ApiProperty({ example: 'feature_4' })
  readonly name!: string;

  @ApiProperty({ enum: STATUSES, example: 'moved' })
  readonly status!: string;

  @ApiProperty({ ...SHARE, description: 'Share of rows that would have to move to match the reference', example: 0.13 })
  readonly moved!: number;

  @ApiProperty({ ...SHARE, example: 0 })
  readonly missing!: number;

  @ApiProperty({ ...SHARE, description: "Outside the reference's range, or never seen", example: 0.001 })
  readonly unseen!: number;

  @ApiProperty({
    ...SHARE_OR_NULL,
    description:
      'The smallest rise of the share above the middle that would have been found four times in five; null: none',
    example: 0.071,
  })
  readonly smallest_visible!: number | null;
}

@ApiSchema({ name: 'MonitorOtherMetric' })
export class MonitorOtherMetricDto {
  @ApiProperty({ enum: ['rmse', 'bias'], example: 'rmse' })
  readonly metric!: string;

  @ApiProperty({ description: 'In the unit of the target', example: 4.2 })
  readonly value!: number;

  @ApiProperty({ description: 'Of the 95 % interval', example: 3.9 })
  readonly low!: number;

  @ApiProperty({ example: 4.5 })
  readonly high!: number;

  @ApiProperty({ type: 'number', nullable: true, description: 'On the test part', example: 4.1 })
  readonly registered!: number | null;
}

@ApiSchema({ name: 'MonitorQuality' })
export class MonitorQualityDto {
  @ApiProperty({ enum: ['accuracy', 'mae'], example: 'accuracy' })
  readonly metric!: string;

  @ApiProperty({ example: 0.914 })
  readonly value!: number;

  @ApiProperty({ description: 'Of the 95 % interval', example: 0.902 })
  readonly low!: number;

  @ApiProperty({ example: 0.926 })
  readonly high!: number;

  @ApiProperty({ type: 'number', nullable: true, description: 'On the test part', example: 0.925 })
  readonly registered!: number | null;

  @ApiProperty({ type: 'integer', example: 860 })
  readonly labels!: number;

  @ApiProperty({ ...SHARE, description: 'Number of labels', example: 0.71 })
  readonly coverage!: number;

  @ApiProperty({ description: 'Whether most of the expected labels have arrived' })
  readonly mature!: boolean;

  @ApiProperty({ type: [MonitorOtherMetricDto], description: 'For a regression: further error metrics' })
  readonly others!: readonly MonitorOtherMetricDto[];
}

@ApiSchema({ name: 'MonitorEstimate' })
export class MonitorEstimateDto {
  @ApiProperty({ enum: ['accuracy', 'mae'], example: 'accuracy' })
  readonly metric!: string;

  @ApiProperty({ example: 0.902 })
  readonly value!: number;

  @ApiProperty({ example: 0.88 })
  readonly low!: number;

  @ApiProperty({ example: 0.92 })
  readonly high!: number;

  @ApiProperty({
    description: 'What the estimate assumes',
    example: 'a score means what it meant on the rows that the version was tested on',
  })
  readonly assumes!: string;
}

@ApiSchema({ name: 'MonitorLog' })
export class MonitorLogDto {
  @ApiProperty({ type: 'integer', description: 'Records of predictions of the window', example: 1212 })
  readonly rows!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Records that the store did not take in time',
    example: 0,
  })
  readonly dropped!: number;

  @ApiProperty({ enum: ['up', 'down'], example: 'up' })
  readonly store!: string;
}

/** The report of one window of a model's champion. */
@ApiSchema({ name: 'MonitorReport' })
export class MonitorReportDto {
  @ApiProperty({ example: 'random_forest' })
  readonly model!: string;

  @ApiProperty({ example: '1' })
  readonly version!: string;

  @ApiProperty()
  readonly window!: MonitorWindowDto;

  @ApiProperty({ enum: STATUSES, example: 'moved' })
  readonly status!: string;

  @ApiProperty({ description: 'Open alarms, whichever window is shown', type: [MonitorAlarmDto] })
  readonly alarms!: MonitorAlarmDto[];

  @ApiProperty({ type: [MonitorColumnDto] })
  readonly columns!: MonitorColumnDto[];

  @ApiProperty({ description: 'From labels; null without labels', type: MonitorQualityDto, nullable: true })
  readonly quality!: MonitorQualityDto | null;

  @ApiProperty({
    description: 'Estimated without labels; null if it cannot be estimated',
    type: MonitorEstimateDto,
    nullable: true,
  })
  readonly estimate!: MonitorEstimateDto | null;

  @ApiProperty()
  readonly log!: MonitorLogDto;
}

@ApiSchema({ name: 'MonitorRenewalEntry' })
export class MonitorRenewalEntryDto {
  @ApiProperty({ format: 'date-time' })
  readonly time!: string;

  @ApiProperty({ enum: ['trigger', 'training', 'step'], example: 'trigger' })
  readonly kind!: string;

  @ApiProperty({ example: 'drift: feature_4 has moved within 1d' })
  readonly text!: string;
}

@ApiSchema({ name: 'MonitorRenewal' })
export class MonitorRenewalDto {
  @ApiProperty({ description: 'As of `GET /models/{model}/rollout`', example: 'shadow' })
  readonly state!: string;

  @ApiProperty({ type: 'string', nullable: true, example: '3' })
  readonly champion!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: '4' })
  readonly challenger!: string | null;

  @ApiProperty({ ...SHARE, description: 'Share of requests that the challenger answers', example: 0 })
  readonly weight!: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly since!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What the rollout waits for; null if it has ended',
    example: 'the next look of a worker (skewless worker); the last one says: inconclusive: no traffic',
  })
  readonly waits_for!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'inconclusive: no traffic' })
  readonly reason!: string | null;

  @ApiProperty({ type: [EvidenceDto] })
  readonly evidence!: EvidenceDto[];

  @ApiProperty({ description: 'Triggers, trainings and steps, newest first', type: [MonitorRenewalEntryDto] })
  readonly timeline!: MonitorRenewalEntryDto[];
}

/** The report of one window of a model's champion, and the state of its renewal. */
@ApiSchema({ name: 'MonitorModelReport' })
export class MonitorModelReportDto extends MonitorReportDto {
  @ApiProperty({ type: MonitorRenewalDto, nullable: true, description: 'Null if nothing has happened yet' })
  readonly renewal!: MonitorRenewalDto | null;
}

@ApiSchema({ name: 'MonitorReports' })
export class MonitorReportsDto {
  @ApiProperty({ type: [MonitorReportDto] })
  readonly models!: MonitorReportDto[];
}

@ApiSchema({ name: 'MonitorDistances' })
export class MonitorDistancesDto {
  @ApiProperty({ example: 0.11 })
  readonly population_stability!: number;

  @ApiProperty({ ...SHARE, example: 0.13 })
  readonly kolmogorov_smirnov!: number;

  @ApiProperty({ ...SHARE, example: 0.12 })
  readonly jensen_shannon!: number;

  @ApiProperty({ type: 'number', nullable: true, description: 'In the unit of the column', example: 4.2 })
  readonly wasserstein!: number | null;
}

@ApiSchema({ name: 'MonitorCell' })
export class MonitorCellDto {
  @ApiProperty({ description: 'Which values the cell contains', example: '50.1 to 61.2' })
  readonly name!: string;

  @ApiProperty({ type: 'integer', example: 50 })
  readonly baseline_rows!: number;

  @ApiProperty({ ...SHARE, example: 0.0625 })
  readonly baseline!: number;

  @ApiProperty({ type: 'integer', example: 98 })
  readonly rows!: number;

  @ApiProperty({ ...SHARE, example: 0.081 })
  readonly now!: number;
}

@ApiSchema({ name: 'MonitorSplit' })
export class MonitorSplitDto {
  @ApiProperty({ example: 'values above 61.2' })
  readonly split!: string;

  @ApiProperty({ ...SHARE, example: 0.5 })
  readonly baseline!: number;

  @ApiProperty({ ...SHARE, example: 0.634 })
  readonly now!: number;

  @ApiProperty({ ...SHARE, example: 0.601 })
  readonly low!: number;

  @ApiProperty({ ...SHARE, example: 0.666 })
  readonly high!: number;

  @ApiProperty({ ...SHARE, example: 3e-9 })
  readonly p!: number;
}

@ApiSchema({ name: 'MonitorSlice' })
export class MonitorSliceDto {
  @ApiProperty({ description: 'As JSON', example: '"One year"' })
  readonly value!: string;

  @ApiProperty({ type: 'integer', example: 310 })
  readonly rows!: number;

  @ApiProperty({ description: 'From labels; null without labels', type: MonitorQualityDto, nullable: true })
  readonly quality!: MonitorQualityDto | null;
}

/** One column of a window, with all its tests. */
@ApiSchema({ name: 'MonitorColumnReport' })
export class MonitorColumnReportDto extends MonitorColumnDto {
  @ApiProperty({ example: 'random_forest' })
  readonly model!: string;

  @ApiProperty({ example: '1' })
  readonly version!: string;

  @ApiProperty()
  readonly window!: MonitorWindowDto;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The strongest evidence that it has moved',
    example: 'values above 61.2 rose from 50.0 % to 63.4 % [60.1, 66.6]',
  })
  readonly words!: string | null;

  @ApiProperty({ type: 'number', nullable: true, example: 9128.7 })
  readonly e_value!: number | null;

  @ApiProperty({ description: 'For information; never raises an alarm' })
  readonly distances!: MonitorDistancesDto;

  @ApiProperty({ type: [MonitorCellDto] })
  readonly cells!: MonitorCellDto[];

  @ApiProperty({ type: [MonitorSplitDto] })
  readonly splits!: MonitorSplitDto[];

  @ApiProperty({
    description:
      'What labels say by each of its values, where records hold these (monitor.slices); those of the most rows',
    type: [MonitorSliceDto],
    nullable: true,
  })
  readonly slices!: MonitorSliceDto[] | null;
}
