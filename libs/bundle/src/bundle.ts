import type { FittedPipeline } from '#features';
import type { CellValue } from '#schema';
import type { ColumnCells } from './baseline/cells.js';
import type { ScoreTable } from './baseline/score-table.js';

/** The files of a bundle that its manifest vouches for. */
export const BUNDLE_FILES = ['pipeline.json', 'model.onnx', 'golden.json', 'baseline.json'] as const;
export type BundleFile = (typeof BUNDLE_FILES)[number];

/** A page on the version, for people; only where it was evaluated here. */
export const MODEL_CARD = 'model-card.html';

/** More than any manifest or list of aliases takes. */
export const TEXT_BYTES = 4 * 1_024 * 1_024;

export interface FileDigest {
  /** Lower-case hexadecimal SHA-256. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A class label as the API answers it. */
export type ClassLabel = number | string;

/** What a model predicts: one of two classes, one of more, or a number. */
export type Task = 'binary' | 'multiclass' | 'regression';

/**
 * Who answered the rows that a bundle is proven by: where the model came from, its training here, its import itself, or its
 * translation, walked tree by tree where the source did not answer.
 */
export type GoldenSource = 'source' | 'training' | 'import' | 'translation';

/** `manifest.json`: identity, provenance and contents of one model version. */
export interface Manifest {
  readonly format_version: 1;
  readonly name: string;
  readonly version: string;
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly train_samples: number | null;
  readonly test_samples: number | null;
  /** When the model was trained, ISO 8601. */
  readonly timestamp: string;
  /** By the number of classes where it is not given. */
  readonly task?: Task;
  /** Labels in the order of the model's probabilities. Of two classes the second is the positive one. None in a regression. */
  readonly classes: readonly ClassLabel[];
  /**
   * Of two classes: from which probability of the second one on it is the prediction; where it is not given, the more
   * probable one is.
   */
  readonly threshold?: number;
  readonly lineage: Readonly<Record<string, unknown>>;
  /** Not in bundles from before it was recorded. */
  readonly proof?: {
    readonly answered_by: GoldenSource;
    /** What may lie between a golden answer and the served one, if not the default: see `replayGolden`. */
    readonly tolerance?: number;
  };
  readonly files: Readonly<Record<BundleFile, FileDigest>> & { readonly [MODEL_CARD]?: FileDigest };
}

/** Where the label of a classifier of tensors comes from: its own output, or its largest probability. */
export type LabelSource = 'model' | 'argmax';

/** `manifest.json` of a version that is an ONNX model and nothing else: tensors in, tensors out. */
export interface TensorManifest {
  readonly format_version: 1;
  readonly kind: 'tensor';
  readonly name: string;
  readonly version: string;
  /** When it was brought here, ISO 8601. */
  readonly timestamp?: string;
  readonly description?: string;
  /** Decided where the two differ; they are compared at every load where it is not given. */
  readonly labels?: LabelSource;
  /** Rows that its source answered, and that it answered alike when it was brought. */
  readonly proof?: { readonly rows: number; readonly answered_by: 'source' };
  readonly lineage?: Readonly<Record<string, unknown>>;
  /** Beside `model.onnx`, those that it keeps data in, if any. */
  readonly files: Readonly<Record<'model.onnx', FileDigest> & Record<string, FileDigest>>;
}

export interface GoldenRow<Value = CellValue> {
  readonly input: Readonly<Record<string, Value>>;
  /** Before the cast to what the model takes; null, or NaN where it is not written yet, for one without a value. */
  readonly features: readonly (number | null)[];
  /** None in a regression. */
  readonly probabilities: readonly number[];
  /** A label; in a regression the number. */
  readonly prediction: ClassLabel;
}

/** `golden.json`: what the training side computed for some rows. */
export interface Golden<Value = CellValue> {
  readonly format_version: 1;
  readonly rows: readonly GoldenRow<Value>[];
}

/** `baseline.json`: the training distribution of each raw column. */
export interface Baseline {
  /** Version 2 has `cells`. */
  readonly format_version: 1 | 2;
  /** Of the training part. */
  readonly rows: number;
  readonly columns: Readonly<
    Record<
      string,
      {
        readonly missing: number;
        readonly mean: number;
        readonly standard_deviation: number;
        /** Values at 0, 5, 25, 50, 75, 95 and 100 %. */
        readonly quantiles: readonly number[];
        readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
        /** Every value in rising order, and how often it occurs; only of a column of few. */
        readonly frequencies?: { readonly values: readonly number[]; readonly counts: readonly number[] };
      }
    >
  >;
  /** All rows of the table that a server would have taken, counted before any was left out: what later rows are compared with. */
  readonly cells?: Readonly<Record<string, ColumnCells>>;
  /** What scores were worth on rows that the model was not trained on. */
  readonly scores?: ScoreTable;
}

/** `aliases.json`: names for versions of one model. */
export interface Aliases {
  readonly champion: string;
  readonly challenger?: string;
}

/** A model-only bundle whose hash and schema held. */
export interface TensorBundle {
  readonly directory: string;
  readonly manifest: TensorManifest;
  /** The verified bytes of `model.onnx`, with the data that it keeps in other files. */
  readonly model: Uint8Array;
}

/** A bundle whose hashes and schemas held. */
export interface Bundle {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly pipeline: FittedPipeline;
  readonly golden: Golden;
  readonly baseline: Baseline;
  /** The verified bytes of `model.onnx`. */
  readonly model: Uint8Array;
}

/** What a version predicts, also where its manifest is older than the key. */
export const taskOf = ({ task, classes }: Pick<Manifest, 'task' | 'classes'>): Task =>
  task ?? (classes.length === 2 ? 'binary' : 'multiclass');
