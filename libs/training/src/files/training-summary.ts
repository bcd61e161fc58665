/** The result of training: `training.json`. Contains no time, so that the same seed writes the same bytes. */
export interface Training {
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly rows: number;
  /** With two classes, if the model's file has one: the second is predicted from this probability on. */
  readonly threshold?: number;
  /** How folds were separated; absent if at random within classes or deciles of the target. */
  readonly folds_by?: 'group' | 'time';
  /** Accuracy of each fold's model on its held-out rows; empty without cross-validation. */
  readonly fold_accuracy: readonly number[];
  /** The same for a regression: root mean squared errors. */
  readonly fold_rmse?: readonly number[];
  /** The importance of each feature, as a share. */
  readonly importances: Readonly<Record<string, number>>;
  /** Warnings for the model's users; absent where there are none. */
  readonly warnings?: readonly string[];
}
