/** What the gate said of a candidate. */
export interface GateVerdict {
  readonly outcome: 'passed' | 'not proven' | 'refused';
  /** What it has against it, or what it lacks; empty where it passed. */
  readonly reasons: readonly string[];
}

/** What the card tells beside the evaluation. */
export interface ModelCard {
  readonly name: string;
  /** What this model is called among its like: a version, or "candidate". */
  readonly version: string;
  /** One sentence: what the model is for. */
  readonly purpose: string;
  /** Algorithm, hyperparameters, seed, time, commit: shown in this order. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Source, target, rows of the parts, split: shown in this order. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The model's inputs, in order. */
  readonly features: readonly string[];
  /** Version that the comparison is with. */
  readonly champion: string | null;
  /** What models of the training part without a fold were worth on that fold; no scores without cross-validation. */
  readonly folds: {
    readonly metric: 'accuracy' | 'rmse';
    readonly scores: readonly number[];
    /** What kept the folds apart; null where chance did. */
    readonly by: 'group' | 'time' | null;
  };
  /** What the model is not good for, one sentence each; notes of the evaluation follow. */
  readonly limits: readonly string[];
  /** Not of a candidate that the gate has not seen. */
  readonly verdict?: GateVerdict;
}
