import type { ClassifierEvaluation } from './classifier-evaluation.js';
import type { PairedComparison } from './compare-paired.js';
import type { FeatureImportance } from './permutation-importance.js';

/** What an evaluation is of: it says nothing of another candidate, nor beside another champion. */
export interface EvaluationSubject {
  /** SHA-256 of the candidate's model.onnx and pipeline.json. */
  readonly model: string;
  readonly pipeline: string;
  /** The champion's version; null where there was none. */
  readonly champion: string | null;
}

/** All that the evaluate stage finds out, as evaluation.json holds it. */
export interface EvaluationReport {
  readonly subject: EvaluationSubject;
  readonly evaluation: ClassifierEvaluation;
  /** Null when there is no champion yet, or none for these columns and classes. */
  readonly comparison: PairedComparison | null;
  readonly importance: readonly FeatureImportance[];
}
