import { IsIn, IsNumber, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { IntIn, Mapping, MappingOf, Text } from './app-config.js';

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

const isCellValue = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
const isCellList = (list: unknown): boolean => Array.isArray(list) && list.length > 0 && list.every(isCellValue);

/** A list of texts or numbers, one or more. */
export const IsCellList = (message: string): PropertyDecorator =>
  ValidateBy({ name: 'cellList', validator: { validate: isCellList } }, { message });

/** A rule that holds or does not. */
export class Rule {
  @IsIn(SEVERITIES, { message: `must be one of ${SEVERITIES.join(', ')}` }) readonly severity!: Severity;
}

/** A rule that a share of the rows may break. */
export class ShareRule extends Rule {
  @Share() readonly maxShare!: number;
}

export class NullsRule extends ShareRule {
  /** For the columns that the recipe calls nullable, and for the target; `maxShare` is for the others. */
  @Share() readonly maxShareNullable!: number;
}

export class AllowedValuesRule extends ShareRule {
  /** Column -> the values it may hold; other columns may hold any. */
  @MappingOf(isCellList, 'must be a mapping of columns to lists of texts or numbers')
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

  @Mapping(ShareRule) readonly malformedRows!: ShareRule;
  @Mapping(Rule) readonly missingColumns!: Rule;
  @Mapping(Rule) readonly unexpectedColumns!: Rule;
  @Mapping(Rule) readonly columnOrder!: Rule;
  @Mapping(RowCountRule) readonly rowCount!: RowCountRule;
  @Mapping(ShareRule) readonly types!: ShareRule;
  @Mapping(NullsRule) readonly nulls!: NullsRule;
  @Mapping(ShareRule) readonly nonFinite!: ShareRule;
  @Mapping(ShareRule) readonly ranges!: ShareRule;
  @Mapping(AllowedValuesRule) readonly allowedValues!: AllowedValuesRule;
  @Mapping(Rule) readonly constantColumns!: Rule;
  @Mapping(ShareRule) readonly duplicates!: ShareRule;
  @Mapping(ShareRule) readonly conflictingLabels!: ShareRule;
  @Mapping(ClassBalanceRule) readonly classBalance!: ClassBalanceRule;
  @Mapping(DistanceRule) readonly populationStability!: DistanceRule;
  @Mapping(DistanceRule) readonly kolmogorovSmirnov!: DistanceRule;
}

/** The rules, named as the checks they set. */
export type ValidationRules = Omit<ValidationConfig, 'reports' | 'reference' | 'memoryMegabytes'>;
