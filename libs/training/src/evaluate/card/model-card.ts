/** The gate's verdict on a candidate. */
export interface GateVerdict {
  readonly outcome: 'passed' | 'not proven' | 'refused';
  /** Its objections, or what is missing; empty where it passed. */
  readonly reasons: readonly string[];
}

/** The contents of the card besides the evaluation. */
export interface ModelCard {
  readonly name: string;
  /** A version, or "candidate". */
  readonly version: string;
  /** One sentence: the purpose of the model. */
  readonly purpose: string;
  /** Algorithm, hyperparameters, seed, time, commit: shown in this order. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Source, target, rows of the parts, split: shown in this order. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The model's inputs, in order. */
  readonly features: readonly string[];
  /** Version of the champion in the comparison. */
  readonly champion: string | null;
  /** Scores of each cross-validation fold on its held-out rows; empty without cross-validation. */
  readonly folds: {
    readonly metric: 'accuracy' | 'rmse';
    readonly scores: readonly number[];
    /** How the folds were separated; null if at random. */
    readonly by: 'group' | 'time' | null;
  };
  /** Known limitations, one sentence each; notes of the evaluation follow. */
  readonly limits: readonly string[];
  /** Absent if the gate has not judged the candidate. */
  readonly verdict?: GateVerdict;
}
