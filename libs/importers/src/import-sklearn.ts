import { countedBaseline, type Manifest, uncountedBaseline } from '#bundle';
import { FeaturePipeline, type FittedPipeline, PipelineError } from '#features';
import { InputError } from '#kit';
import { aloneTolerance, ensemblesOf, graphOf } from './estimator/estimator.js';
import { CHAMPION_NEEDS_ANSWERS, type ImportTarget } from './imported-champion.js';
import { checkModelName } from './model-name.js';
import { digestsOf, type ProvenVersion, publishProven } from './publish-proven.js';
import { readExport, type SklearnExport } from './sklearn/read-export.js';
import { sourceGolden } from './sklearn/source-golden.js';
import { readAnswers, recordedAnswers } from './trees/recorded-answers.js';
import { sourceTolerance } from './trees/source-tolerance.js';
import { translatedGolden } from './trees/translated-golden.js';
import type { TreeChoice } from './trees/translated-model.js';

export interface SklearnImportOptions extends ImportTarget {
  /** The file written by `tools/export_sklearn.py`. */
  readonly file: string;
  /** CSV of rows answered by the source, instead of those in the export. */
  readonly golden?: string;
  /** For XGBoost as the last step; `best` if not given. */
  readonly trees?: TreeChoice;
}

export interface ImportedSklearn extends ProvenVersion {
  /** The class of the last step. */
  readonly estimator: string;
  /** Of all ensembles; 0 for a linear model. */
  readonly trees: number;
  readonly columns: readonly string[];
  readonly features: readonly string[];
  /** Notes for the user, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Converts a scikit-learn pipeline, exported by `tools/export_sklearn.py`, to a bundle of raw columns, steps and model.
 * It is written only after ONNX Runtime has answered every proof row, as a batch and alone. These are the rows that
 * scikit-learn answered, or else rows made from the model itself, which only prove the translation.
 *
 * @throws InputError or BundleError saying what is wrong or not supported, and what to do instead
 */
export async function importSklearn(options: SklearnImportOptions): Promise<ImportedSklearn> {
  const { file, name, golden: answers, champion, trees = 'best' } = options;
  checkModelName(name);
  const { exported, sha256 } = await readExport(file, trees);
  const { pipeline, estimator, classes, rows } = exported;
  const isAnswered = answers !== undefined || rows.length > 0;
  if (champion && !isAnswered) throw new InputError(CHAMPION_NEEDS_ANSWERS);
  const transform = compiled(pipeline, file);
  const golden = answers
    ? recordedAnswers(await readAnswers(answers), { estimator, pipeline, transform, classes })
    : isAnswered
      ? sourceGolden(file, rows, pipeline, transform)
      : translatedGolden(estimator, transform, classes);
  const tolerance =
    exported.addsInFloat32 && isAnswered && estimator.kind === 'trees'
      ? sourceTolerance(estimator.ensemble, golden)
      : undefined;
  const own = rows.filter(({ isProbe }) => !isProbe);
  const described = own.length > 0 ? own : golden.rows;
  const manifest = {
    ...manifestOf(exported),
    name,
    proof: {
      answered_by: isAnswered ? ('source' as const) : ('translation' as const),
      ...(tolerance && { tolerance }),
    },
    lineage: {
      source: 'scikit-learn',
      ...(options.from !== undefined && { from: options.from }),
      versions: exported.versions,
      sha256: { ...sha256, ...(await digestsOf(answers)) },
    },
  };
  const bundle = {
    manifest,
    pipeline,
    golden,
    baseline: (own.length > 0 || answers ? countedBaseline : uncountedBaseline)(
      pipeline.inputs,
      described.map(({ input }) => input),
    ),
    model: graphOf(estimator, classes),
  };
  const ensembles = ensemblesOf(estimator);
  const published = await publishProven(answers ?? file, options, bundle, aloneTolerance(estimator, classes));
  return {
    ...published,
    estimator: exported.name,
    trees: ensembles.reduce((sum, { roots }) => sum + roots.length, 0),
    columns: pipeline.inputs.map((column) => column.name),
    features: pipeline.outputs,
    notes: exported.notes,
  };
}

function manifestOf({
  algorithm,
  hyperparameters,
  metadata,
  task,
  classes,
}: SklearnExport): Pick<
  Manifest,
  | 'format_version'
  | 'algorithm'
  | 'hyperparameters'
  | 'metrics'
  | 'train_samples'
  | 'test_samples'
  | 'timestamp'
  | 'task'
  | 'classes'
> {
  const { metrics = {}, train_samples = null, test_samples = null, timestamp = new Date().toISOString() } = metadata;
  return {
    format_version: 1,
    algorithm,
    hyperparameters,
    metrics,
    train_samples,
    test_samples,
    timestamp,
    task,
    classes,
  };
}

function compiled(pipeline: FittedPipeline, path: string): ReturnType<FeaturePipeline['compile']> {
  try {
    return new FeaturePipeline().compile(pipeline);
  } catch (error) {
    if (error instanceof PipelineError) throw new InputError(`${path}: ${error.message}.`);
    throw error;
  }
}
