import { Type } from 'class-transformer';
import { IsIn, IsNumber, IsObject, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { IntIn, Text } from './app-config.js';

const SEVERITIES = ['error', 'warning', 'off'] as const;
export type Severity = (typeof SEVERITIES)[number];

function Share(): PropertyDecorator {
  const options = { message: 'must be a share from 0 to 1' };
  return (target, key) => {
    for (const rule of [IsNumber({}, options), Min(0, options), Max(1, options)]) rule(target, key);
  };
}

function Distance(): PropertyDecorator {
  const options = { message: 'must be a number from 0 to 100' };
  return (target, key) => {
    for (const rule of [IsNumber({}, options), Min(0, options), Max(100, options)]) rule(target, key);
  };
}

/** A rule that holds or does not. */
export class Rule {
  @IsIn(SEVERITIES, { message: `must be one of ${SEVERITIES.join(', ')}` }) readonly severity!: Severity;
}

/** A rule that a share of the rows may break. */
export class ShareRule extends Rule {
  @Share() readonly maxShare!: number;
}

export class NullsRule extends ShareRule {
  /** For the columns that the recipe calls nullable; `maxShare` is for the others. */
  @Share() readonly maxShareNullable!: number;
}

export class AllowedValuesRule extends ShareRule {
  /** Column -> the values it may hold; other columns may hold any. */
  @IsObject({ message: 'must be a mapping of columns to lists of values' })
  readonly columns!: Readonly<Record<string, readonly (string | number)[]>>;
}

export class RowCountRule extends Rule {
  @IntIn(0, 1_000_000_000_000) readonly minimum!: number;
  @IntIn(0, 1_000_000_000_000) readonly maximum!: number;
}

export class ClassBalanceRule extends Rule {
  /** What the rarest class must have at least. */
  @Share() readonly minShare!: number;
}

export class DistanceRule extends Rule {
  @Distance() readonly maximum!: number;
}

/** What raw data must be like, and where the verdict goes: the section `validation` of `config.yaml`. */
export class ValidationConfig {
  /** Folder of reference_stats.json, validation.json and validation.html. */
  @Text() readonly reports!: string;
  /** A reference_stats.json or a bundle's baseline.json; without one, drift is not looked for. */
  @IsOptional() @Text() readonly reference?: string;
  /** For the database; beyond it, work goes to temporary files. */
  @IntIn(64, 1_048_576) readonly memoryMegabytes!: number;

  @Type(() => ShareRule) @ValidateNested() readonly malformedRows!: ShareRule;
  @Type(() => Rule) @ValidateNested() readonly missingColumns!: Rule;
  @Type(() => Rule) @ValidateNested() readonly unexpectedColumns!: Rule;
  @Type(() => Rule) @ValidateNested() readonly columnOrder!: Rule;
  @Type(() => RowCountRule) @ValidateNested() readonly rowCount!: RowCountRule;
  @Type(() => ShareRule) @ValidateNested() readonly types!: ShareRule;
  @Type(() => NullsRule) @ValidateNested() readonly nulls!: NullsRule;
  @Type(() => ShareRule) @ValidateNested() readonly nonFinite!: ShareRule;
  @Type(() => ShareRule) @ValidateNested() readonly ranges!: ShareRule;
  @Type(() => AllowedValuesRule) @ValidateNested() readonly allowedValues!: AllowedValuesRule;
  @Type(() => Rule) @ValidateNested() readonly constantColumns!: Rule;
  @Type(() => ShareRule) @ValidateNested() readonly duplicates!: ShareRule;
  @Type(() => ShareRule) @ValidateNested() readonly conflictingLabels!: ShareRule;
  @Type(() => ClassBalanceRule) @ValidateNested() readonly classBalance!: ClassBalanceRule;
  @Type(() => DistanceRule) @ValidateNested() readonly populationStability!: DistanceRule;
  @Type(() => DistanceRule) @ValidateNested() readonly kolmogorovSmirnov!: DistanceRule;
}

/** The rules, named as the checks they set. */
export type ValidationRules = Omit<ValidationConfig, 'reports' | 'reference' | 'memoryMegabytes'>;
