import type { FittedPipeline } from '#features';
import type { CellValue } from '#schema';
import type { ColumnCells } from './baseline/cells.js';
import type { ScoreTable } from './baseline/score-table.js';

/** The files of a bundle whose hashes the manifest holds. */
export const BUNDLE_FILES = ['pipeline.json', 'model.onnx', 'golden.json', 'baseline.json'] as const;
export type BundleFile = (typeof BUNDLE_FILES)[number];

/** A human-readable page about the version; only where it was evaluated here. */
export const MODEL_CARD = 'model-card.html';

/** Larger than any manifest or list of aliases. */
export const TEXT_BYTES = 4 * 1_024 * 1_024;

export interface FileDigest {
  /** Lower-case hexadecimal SHA-256. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A class label as in the API's answers. */
export type ClassLabel = number | string;

/** What a model predicts: one of two classes, one of more, or a number. */
export type Task = 'binary' | 'multiclass' | 'regression';

/**
 * Who computed the golden answers of a bundle: the system where the model came from (source), the training here, the
 * import itself, or a walk through the translated trees where the source gave no answers.
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
  /** Derived from the number of classes where it is absent. */
  readonly task?: Task;
  /** Labels in the order of the model's probabilities; of two, the second is the positive class. Regression: empty. */
  readonly classes: readonly ClassLabel[];
  /** Of two classes: the second is predicted from this probability on. Absent: the more probable class is. */
  readonly threshold?: number;
  readonly lineage: Readonly<Record<string, unknown>>;
  /** Absent in older bundles. */
  readonly proof?: {
    readonly answered_by: GoldenSource;
    /** The allowed difference between a golden and a served answer, if not the default: see `replayGolden`. */
    readonly tolerance?: number;
  };
  readonly files: Readonly<Record<BundleFile, FileDigest>> & { readonly [MODEL_CARD]?: FileDigest };
}

/** Where the label of a tensor classifier comes from: its own output, or its largest probability. */
export type LabelSource = 'model' | 'argmax';

/** `manifest.json` of a version that is only an ONNX model: tensors in, tensors out. */
export interface TensorManifest {
  readonly format_version: 1;
  readonly kind: 'tensor';
  readonly name: string;
  readonly version: string;
  /** When it was imported, ISO 8601. */
  readonly timestamp?: string;
  readonly description?: string;
  /** Set where the two differ; absent: they are compared at every load. */
  readonly labels?: LabelSource;
  /** How many rows the source had answered, and the model answered alike at its import. */
  readonly proof?: { readonly rows: number; readonly answered_by: 'source' };
  readonly lineage?: Readonly<Record<string, unknown>>;
  /** `model.onnx` and the files of its external data, if any. */
  readonly files: Readonly<Record<'model.onnx', FileDigest> & Record<string, FileDigest>>;
}

export interface GoldenRow<Value = CellValue> {
  readonly input: Readonly<Record<string, Value>>;
  /** Before the cast to the model's datatype; a missing value is null, or NaN before it is written. */
  readonly features: readonly (number | null)[];
  /** Empty in a regression. */
  readonly probabilities: readonly number[];
  /** A label, or the number of a regression. */
  readonly prediction: ClassLabel;
}

/** `golden.json`: the expected features and predictions of some rows. */
export interface Golden<Value = CellValue> {
  readonly format_version: 1;
  readonly rows: readonly GoldenRow<Value>[];
}

/** `baseline.json`: the training distribution of each raw column. */
export interface Baseline {
  /** Version 2 has `cells`. */
  readonly format_version: 1 | 2;
  /** Rows of the training part. */
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
        /** Every value, ascending, and its count; only of a column of few values. */
        readonly frequencies?: { readonly values: readonly number[]; readonly counts: readonly number[] };
      }
    >
  >;
  /** Counts of all rows that a server would accept, before any was left out: the reference for later rows. */
  readonly cells?: Readonly<Record<string, ColumnCells>>;
  /** Held-out performance by score. */
  readonly scores?: ScoreTable;
}

/** `aliases.json`: names for versions of one model. */
export interface Aliases {
  readonly champion: string;
  readonly challenger?: string;
}

/** A bundle of a bare model whose hashes and schema were verified. */
export interface TensorBundle {
  readonly directory: string;
  readonly manifest: TensorManifest;
  /** The verified bytes of `model.onnx`, including its external data. */
  readonly model: Uint8Array;
}

/** A bundle whose hashes and schemas were verified. */
export interface Bundle {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly pipeline: FittedPipeline;
  readonly golden: Golden;
  readonly baseline: Baseline;
  /** The verified bytes of `model.onnx`. */
  readonly model: Uint8Array;
}

/** The task of a version, also of older manifests without the key. */
export const taskOf = ({ task, classes }: Pick<Manifest, 'task' | 'classes'>): Task =>
  task ?? (classes.length === 2 ? 'binary' : 'multiclass');
