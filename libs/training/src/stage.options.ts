import type { LearnerKind } from '#learners';
import type { ValidationRules } from '#validation';
import type { OwnModel } from './model-file/own-model.js';

export interface DataOptions {
  /** CSV with a header, or Parquet. */
  readonly path: string;
  /** The column to predict. */
  readonly target: string;
  /** Raw columns, feature steps and their order. */
  readonly recipe: string;
  /** The folder for prepared data. */
  readonly processed: string;
  /** Texts that mean a missing value; those of pandas when not given. */
  readonly missing?: readonly (string | number)[];
  readonly dropMissing: boolean;
  /** Whether to drop rows that equal an earlier one in all columns of the file. */
  readonly dropDuplicates: boolean;
  /** Rows of the training part further than so many interquartile ranges from its quartiles are dropped; 0 keeps all. */
  readonly outlierRanges: number;
  /** The largest share of labelled rows, from 0 to 1, that cleaning may drop without stopping the run. */
  readonly maxDroppedShare: number;
}

export interface TrainingOptions {
  /** Name under which the model is registered. */
  readonly model: string;
  /** `auto`: the best in cross-validation. */
  readonly algorithm: LearnerKind | 'auto';
  /** Those that differ from the algorithm's defaults. */
  readonly hyperparameters: Record<string, unknown>;
  readonly seed: number;
  /** From 0 to 1. */
  readonly testShare: number;
  /** Folds of the cross-validation; 0 disables it. */
  readonly folds: number;
  readonly threads: number;
  /** The folder for the candidate and its evaluation. */
  readonly artifacts: string;
}

export interface GateOptions {
  readonly minimumAccuracy: number;
  /** How far the accuracy may be below the champion's, by the lower bound of the paired interval. */
  readonly accuracyMargin: number;
  /** How far the log loss may be above the champion's, by the upper bound of the paired interval. */
  readonly logLossMargin: number;
  /** How far the mean squared error of a regression may be above the champion's, as a share of it. */
  readonly squaredErrorMargin: number;
  /** Whether the log loss must be below that of the trivial model, which only knows the class shares. */
  readonly better_than_trivial: boolean;
  /** Metric of the evaluation -> its lower bound. */
  readonly minimums: Readonly<Record<string, number>>;
  /** Metric of the evaluation -> its upper bound. */
  readonly maximums: Readonly<Record<string, number>>;
}

/** The options of the stages by section; each stage asks for the sections it needs. */
export interface StageOptions {
  /** The model's own file, if it has one: it replaces the recipe, and defines the split and the target. */
  readonly own?: OwnModel;
  readonly data: DataOptions;
  readonly validation: ValidationRules & {
    /** Folder of the reports. */
    readonly reports: string;
    /** The reference for drift checks. */
    readonly reference?: string;
    /** For the database, in MiB. */
    readonly memoryMegabytes: number;
  };
  readonly training: TrainingOptions;
  readonly gate: GateOptions;
  readonly tracking: {
    readonly experiment: string;
    /** The local store of runs. */
    readonly directory: string;
    /** URI of an MLflow server. */
    readonly uri?: string;
  };
  readonly models: {
    readonly directory: string;
    /** A PEM file with the key that must have signed every version. */
    readonly publicKey?: string;
  };
}
