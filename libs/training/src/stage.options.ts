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
  /** Where prepared data goes. */
  readonly processed: string;
  /** Texts that stand for no value; those of pandas when not given. */
  readonly missing?: readonly (string | number)[];
  readonly dropMissing: boolean;
  /** Rows that are the same as an earlier one in all columns of the file. */
  readonly dropDuplicates: boolean;
  /** Rows of the training part further than so many interquartile ranges from its quartiles are dropped; 0 keeps all. */
  readonly outlierRanges: number;
  /** What cleaning may drop of the rows with a label, from 0 to 1; more stops the run. */
  readonly maxDroppedShare: number;
}

export interface TrainingOptions {
  /** Name under which the model is registered. */
  readonly model: string;
  /** `auto`: the one that does best in cross-validation. */
  readonly algorithm: LearnerKind | 'auto';
  /** Those that differ from the algorithm's defaults. */
  readonly hyperparameters: Record<string, unknown>;
  readonly seed: number;
  /** From 0 to 1. */
  readonly testShare: number;
  /** Folds of the cross-validation; 0 does without. */
  readonly folds: number;
  readonly threads: number;
  /** Where the candidate and its evaluation go. */
  readonly artifacts: string;
}

export interface GateOptions {
  readonly minimumAccuracy: number;
  /** How much lower than the champion's the accuracy may be: the paired interval of the difference reaches no lower. */
  readonly accuracyMargin: number;
  /** How much higher than the champion's the log loss may be, by the upper end of the paired interval. */
  readonly logLossMargin: number;
  /** How much higher than the champion's the mean squared error of a regression may be, as a share of it. */
  readonly squaredErrorMargin: number;
  /** Whether the log loss has to be lower than that of an answer that knows the shares of the classes alone. */
  readonly better_than_trivial: boolean;
  /** Metric of the evaluation -> the least it may be. */
  readonly minimums: Readonly<Record<string, number>>;
  /** Metric of the evaluation -> the most it may be. */
  readonly maximums: Readonly<Record<string, number>>;
}

/** What the stages work with, section by section; each asks for the sections it needs. */
export interface StageOptions {
  /** The model's own file, where it has one: it then stands for the recipe, and says how to split and what to predict. */
  readonly own?: OwnModel;
  readonly data: DataOptions;
  readonly validation: ValidationRules & {
    /** Folder of the reports. */
    readonly reports: string;
    /** What drift is looked for from. */
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
    /** An MLflow server. */
    readonly uri?: string;
  };
  readonly models: {
    readonly directory: string;
    /** A PEM file with the key whose signature every version must carry. */
    readonly publicKey?: string;
  };
}
