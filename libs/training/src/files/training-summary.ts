/** What training came to: `training.json`. Holds no time, so that the same seed writes the same bytes. */
export interface Training {
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly rows: number;
  /** Of two classes, where the model's file has one: from which probability of the second one on it is predicted. */
  readonly threshold?: number;
  /** How rows came to their folds, where not by chance within the classes or tenths of the target. */
  readonly folds_by?: 'group' | 'time';
  /** Accuracy of each fold's model on the rows it did not see; empty without cross-validation. */
  readonly fold_accuracy: readonly number[];
  /** The same of a regression: roots of the mean squared errors. */
  readonly fold_rmse?: readonly number[];
  /** Share of each feature in what the model leans on. */
  readonly importances: Readonly<Record<string, number>>;
  /** What whoever uses the model should know; absent where there is nothing. */
  readonly warnings?: readonly string[];
}
