import { basename } from 'node:path';
import {
  BundleError,
  type ClassLabel,
  countedBaseline,
  type Golden,
  parseDocument,
  readRecipe,
  uncountedBaseline,
} from '#bundle';
import { FeaturePipeline, type FittedPipeline, formatVersion, PipelineError } from '#features';
import { InputError } from '#kit';
import { aloneTolerance, graphOf } from './estimator/estimator.js';
import { CHAMPION_NEEDS_ANSWERS, type ImportTarget } from './imported-champion.js';
import { checkModelName } from './model-name.js';
import { digestsOf, type ProvenVersion, publishProven } from './publish-proven.js';
import { headOf, plainPipeline } from './trees/plain-pipeline.js';
import { readDump, type TreeFormat } from './read-dump.js';
import { namedBySignature, type SignatureColumn } from './trees/named-by-signature.js';
import { readAnswers, recordedAnswers } from './trees/recorded-answers.js';
import { namedAsIn } from './trees/renamed.js';
import { sourceTolerance } from './trees/source-tolerance.js';
import { translatedGolden } from './trees/translated-golden.js';
import type { TranslatedModel, TreeChoice } from './trees/translated-model.js';

export interface TreesImportOptions extends ImportTarget {
  /** The file saved by XGBoost or LightGBM. */
  readonly file: string;
  readonly format: TreeFormat;
  /** Raw columns and steps that make the model's features, if the raw columns are not the features. */
  readonly recipe?: string;
  /** The columns of its MLflow signature, if it has one. */
  readonly signature?: readonly SignatureColumn[];
  /** CSV of rows answered by the source. */
  readonly golden?: string;
  /** Class names, in the model's order; the numbers from 0 on if not given. */
  readonly classes?: readonly string[];
  /** `best` if not given. */
  readonly trees?: TreeChoice;
}

export interface ImportedTrees extends ProvenVersion {
  readonly source: TranslatedModel['source'];
  readonly objective: string;
  readonly trees: number;
  readonly features: readonly string[];
  /** Notes for the user, as sentences. */
  readonly notes: readonly string[];
}

/** What to check where a saved model's answers differ from its source's. */
const OTHERWISE = {
  xgboost:
    'The model as it was saved answers otherwise. A value that stood for none in training, as by missing=-999, is not saved with it: name it in the columns of a --recipe. Where Booster.predict answered, which takes the trees behind the best iteration too, say --trees all',
  lightgbm:
    'The model as it was saved answers otherwise: let the saved model answer the rows, as lightgbm.Booster(model_file=...).predict does',
} as const;

/**
 * Converts a model file of XGBoost or LightGBM to a bundle. It is written only after ONNX Runtime has answered every
 * proof row, as a batch and alone. These are rows that the source answered, or else rows made from the model's own
 * thresholds, answered by walking its trees. Without the source's answers the version serves only after a promotion.
 *
 * @throws InputError or BundleError saying what is wrong or not supported, and what to do instead
 */
export async function importTrees(options: TreesImportOptions): Promise<ImportedTrees> {
  const { file, format, name, champion } = options;
  checkModelName(name);
  if (champion && options.golden === undefined) throw new InputError(CHAMPION_NEEDS_ANSWERS);
  const { model: read, sha256 } = await readDump(file, format, options.trees ?? 'best');
  const answers = options.golden === undefined ? undefined : await readAnswers(options.golden);
  const known = options.signature ? namedBySignature(read, options.signature) : read;
  const model = answers && !options.recipe ? namedAsIn(known, answers.header) : known;
  const { ensemble } = model;
  const estimator = { kind: 'trees', ensemble } as const;
  const classes = classLabels(model, options.classes);
  const pipeline = options.recipe ? await pipelineOf(options.recipe, model) : plainPipeline(model);
  const transform = compiled(pipeline, options.recipe ?? file);
  const golden: Golden = answers
    ? recordedAnswers(answers, { estimator, pipeline, transform, classes })
    : translatedGolden(estimator, transform, classes);
  const tolerance = answers ? sourceTolerance(ensemble, golden) : undefined;
  const manifest = {
    format_version: 1,
    name,
    algorithm: model.algorithm,
    hyperparameters: { n_estimators: ensemble.roots.length, objective: model.objective },
    metrics: {},
    train_samples: null,
    test_samples: null,
    timestamp: new Date().toISOString(),
    task: model.task,
    classes,
    proof: { answered_by: answers ? ('source' as const) : ('translation' as const), ...(tolerance && { tolerance }) },
    lineage: {
      source: model.source,
      ...(options.from !== undefined && { from: options.from }),
      versions: { [model.source]: model.sourceVersion },
      sha256: { ...sha256, ...(await digestsOf(options.recipe, options.golden)) },
    },
  } as const;
  const bundle = {
    manifest,
    pipeline,
    golden,
    baseline: (answers ? countedBaseline : uncountedBaseline)(
      pipeline.inputs,
      golden.rows.map(({ input }) => input),
    ),
    model: graphOf(estimator, classes),
  };
  const published = await publishProven(
    options.golden ?? file,
    options,
    bundle,
    aloneTolerance(estimator, classes),
  ).catch((error: unknown) => {
    const isAnswered = error instanceof BundleError && basename(error.file) === 'golden.json';
    throw options.golden && isAnswered
      ? new BundleError(options.golden, error.problem, OTHERWISE[model.source])
      : error;
  });
  return {
    ...published,
    source: model.source,
    objective: model.objective,
    trees: ensemble.roots.length,
    features: pipeline.outputs,
    notes: model.notes,
  };
}

/** Numbers where all names are whole numbers. @throws InputError where the number of names does not match */
function classLabels({ classes, objective }: TranslatedModel, names?: readonly string[]): ClassLabel[] {
  if (names === undefined) return Array.from({ length: classes }, (_, i) => i);
  if (classes === 0) throw new InputError(`--classes needs a classifier; ${objective} predicts a number.`);
  if (names.length !== classes || new Set(names).size !== classes || names.includes('')) {
    throw new InputError(
      `--classes names ${names.join(', ')}; give ${classes} different names, in the order of the model.`,
    );
  }
  return names.every((label) => /^(?:0|-?[1-9]\d{0,14})$/.test(label)) ? names.map(Number) : [...names];
}

/** @throws InputError where a recipe has steps that need fitting, or other features than the model */
async function pipelineOf(path: string, model: TranslatedModel): Promise<FittedPipeline> {
  const recipe = await readRecipe(path, headOf(model));
  const features = model.inputs.map(({ name }) => name);
  if (recipe.outputs.join() !== features.join()) {
    throw new InputError(
      `${path}: outputs are [${recipe.outputs.join(', ')}], the model was trained on [${features.join(', ')}]; names and order must be the same.`,
    );
  }
  const stated = recipe as Omit<FittedPipeline, 'format_version'>;
  const fitted = { format_version: formatVersion(stated), ...stated };
  try {
    return parseDocument('pipeline', JSON.stringify(fitted), path);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new InputError(
      `${path}: ${error.problem}. Steps that learn must have their numbers here, as pipeline.json of a bundle has: docs/bundle.md.`,
    );
  }
}

function compiled(pipeline: FittedPipeline, path: string): ReturnType<FeaturePipeline['compile']> {
  try {
    return new FeaturePipeline().compile(pipeline);
  } catch (error) {
    if (error instanceof PipelineError) throw new InputError(`${path}: ${error.message}.`);
    throw error;
  }
}
