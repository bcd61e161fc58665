/** The effect of breaking a rule; `off` skips it. */
export type Severity = 'error' | 'warning' | 'off';

/** A rule without tolerance. */
export interface Rule {
  readonly severity: Severity;
}

/** A rule that a share of the rows, from 0 to 1, may break. */
export interface ShareRule extends Rule {
  readonly maxShare: number;
}

/** The allowed distance of a distribution from the reference. */
export interface DistanceRule extends Rule {
  readonly maximum: number;
}

/** The rules, by the name of the check. */
export interface ValidationRules {
  readonly malformedRows: ShareRule;
  readonly missingColumns: Rule;
  readonly unexpectedColumns: Rule;
  readonly columnOrder: Rule;
  readonly rowCount: Rule & { readonly minimum: number; readonly maximum: number };
  readonly types: ShareRule;
  /** `maxShareNullable` is for columns that are nullable in the recipe, and for the target. */
  readonly nulls: ShareRule & { readonly maxShareNullable: number };
  readonly nonFinite: ShareRule;
  readonly ranges: ShareRule;
  /** Column -> its allowed values; other columns are unrestricted. */
  readonly allowedValues: ShareRule & { readonly columns: Readonly<Record<string, readonly (string | number)[]>> };
  readonly constantColumns: Rule;
  readonly duplicates: ShareRule;
  readonly conflictingLabels: ShareRule;
  /** `minShare` is the least share of the rarest class. */
  readonly classBalance: Rule & { readonly minShare: number };
  readonly populationStability: DistanceRule;
  readonly kolmogorovSmirnov: DistanceRule;
}
