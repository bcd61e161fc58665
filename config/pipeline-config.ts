import { IsBoolean, IsIn, IsNumber, IsObject, IsOptional, Matches, Max, Min } from 'class-validator';
import { IntIn, Mapping, MappingOf, ModelsConfig, Text, TrackingConfig } from './app-config.js';
import { IsCellList, ValidationConfig } from './data-config.js';

const FOLDS = [0, ...Array.from({ length: 19 }, (_, i) => i + 2)];
const ALGORITHMS = ['random_forest', 'gradient_boosting', 'logistic_regression'] as const;

/** A number in a range, with one message for all that can be wrong with it. */
function NumberIn(low: number, high: number): PropertyDecorator {
  const options = { message: `must be a number from ${low} to ${high}` };
  return (target, key) => {
    for (const rule of [IsNumber({}, options), Min(low, options), Max(high, options)]) rule(target, key);
  };
}

function Switch(): PropertyDecorator {
  return IsBoolean({ message: 'must be true or false' });
}

const Bounds = (): PropertyDecorator => MappingOf(Number.isFinite, 'must be a mapping of metrics to numbers');

export class DataConfig {
  /** CSV with a header, or Parquet. */
  @Text() readonly path!: string;
  /** The column to predict. */
  @Text() readonly target!: string;
  /** Raw columns, feature steps and their order. */
  @Text() readonly recipe!: string;
  /** Where prepared data goes. */
  @Text() readonly processed!: string;
  /** Texts that stand for no value, in CSV and in columns of text; those of pandas if not set. */
  @IsOptional()
  @IsCellList('must be a list of texts or numbers')
  readonly missing?: readonly (string | number)[];
  @Switch() readonly dropMissing!: boolean;
  /** Rows that are the same as an earlier one in all columns of the file. */
  @Switch() readonly dropDuplicates!: boolean;
  /** Rows of the training part further than so many interquartile ranges from its quartiles are dropped; 0 keeps all. */
  @NumberIn(0, 1_000) readonly outlierRanges!: number;
  /** What cleaning may drop of the rows with a label; more stops the run. */
  @NumberIn(0, 1) readonly maxDroppedShare!: number;
}

export class TrainingConfig {
  /** Name under which the model is registered; it becomes a folder. */
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, {
    message: 'must be letters, digits, ".", "_" and "-", a letter or digit first',
  })
  readonly model!: string;
  @IsIn(ALGORITHMS, { message: `must be one of ${ALGORITHMS.join(', ')}` })
  readonly algorithm!: (typeof ALGORITHMS)[number];
  /** Those that differ from the algorithm's defaults; the learner checks them. */
  @IsObject({ message: 'must be a mapping' }) readonly hyperparameters!: Record<string, unknown>;
  @IntIn(0, 4_294_967_295) readonly seed!: number;
  @NumberIn(0.01, 0.9) readonly testShare!: number;
  /** Folds of the cross-validation; 0 does without. */
  @IsIn(FOLDS, { message: 'must be 0, or a whole number from 2 to 20' }) readonly folds!: number;
  @IntIn(1, 64) readonly threads!: number;
  /** Where the candidate and its evaluation go. */
  @Text() readonly artifacts!: string;
}

export class GateConfig {
  @NumberIn(0, 1) readonly minimumAccuracy!: number;
  /** How much lower than the champion's the accuracy may be: the paired interval of the difference reaches no lower. */
  @NumberIn(0, 1) readonly accuracyMargin!: number;
  /** How much higher than the champion's the log loss may be, by the upper end of the paired interval. */
  @NumberIn(0, 100) readonly logLossMargin!: number;
  /** Whether the log loss has to be lower than that of an answer that knows the shares of the classes alone. */
  @Switch() readonly better_than_trivial!: boolean;
  /** Metric of the evaluation -> the least it may be. */
  @Bounds() readonly minimums!: Readonly<Record<string, number>>;
  /** Metric of the evaluation -> the most it may be. */
  @Bounds() readonly maximums!: Readonly<Record<string, number>>;
}

/** All settings of the command line, as `config.yaml` groups them. */
export class PipelineConfig {
  @Mapping(DataConfig) readonly data!: DataConfig;
  @Mapping(ValidationConfig) readonly validation!: ValidationConfig;
  @Mapping(TrainingConfig) readonly training!: TrainingConfig;
  @Mapping(GateConfig) readonly gate!: GateConfig;
  @Mapping(TrackingConfig) readonly tracking!: TrackingConfig;
  @Mapping(ModelsConfig) readonly models!: ModelsConfig;
}
