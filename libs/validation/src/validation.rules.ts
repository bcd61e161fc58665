/** What breaking a rule means; `off` does not look. */
export type Severity = 'error' | 'warning' | 'off';

/** A rule that holds or does not. */
export interface Rule {
  readonly severity: Severity;
}

/** A rule that a share of the rows, from 0 to 1, may break. */
export interface ShareRule extends Rule {
  readonly maxShare: number;
}

/** How far a distribution may be from the reference. */
export interface DistanceRule extends Rule {
  readonly maximum: number;
}

/** The rules, named as the checks they set. */
export interface ValidationRules {
  readonly malformedRows: ShareRule;
  readonly missingColumns: Rule;
  readonly unexpectedColumns: Rule;
  readonly columnOrder: Rule;
  readonly rowCount: Rule & { readonly minimum: number; readonly maximum: number };
  readonly types: ShareRule;
  /** `maxShareNullable` is for the columns that the recipe calls nullable, and for the target. */
  readonly nulls: ShareRule & { readonly maxShareNullable: number };
  readonly nonFinite: ShareRule;
  readonly ranges: ShareRule;
  /** Column -> the values it may hold; other columns may hold any. */
  readonly allowedValues: ShareRule & { readonly columns: Readonly<Record<string, readonly (string | number)[]>> };
  readonly constantColumns: Rule;
  readonly duplicates: ShareRule;
  readonly conflictingLabels: ShareRule;
  /** `minShare` is what the rarest class must have at least. */
  readonly classBalance: Rule & { readonly minShare: number };
  readonly populationStability: DistanceRule;
  readonly kolmogorovSmirnov: DistanceRule;
}
