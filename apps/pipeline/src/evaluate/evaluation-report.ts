import type { ClassifierEvaluation } from './classifier-evaluation.js';
import type { PairedComparison } from './compare-paired.js';
import type { FeatureImportance } from './permutation-importance.js';

/** All that the evaluate stage finds out, as evaluation.json holds it. */
export interface EvaluationReport {
  readonly evaluation: ClassifierEvaluation;
  /** Null when there is no champion yet. */
  readonly comparison: PairedComparison | null;
  readonly importance: readonly FeatureImportance[];
}
