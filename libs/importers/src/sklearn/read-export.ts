import { basename } from 'node:path';
import { BundleError, type ClassLabel, digestOf, type Manifest, parseDocument, type Task } from '#bundle';
import { type FittedPipeline, formatVersion, MAX_FEATURES } from '#features';
import { InputError, readRegularFile, type UnreadableFileError } from '#kit';
import type { CellValue } from '#schema';
import { type Estimator, inputOf } from '../estimator/estimator.js';
import { readLightgbm } from '../lightgbm/read-lightgbm.js';
import { DumpFlaw } from '../trees/dump-flaw.js';
import { Fields } from '../trees/fields.js';
import type { TranslatedModel, TreeChoice } from '../trees/translated-model.js';
import { readXgboost } from '../xgboost/read-xgboost.js';
import { readEstimator, type Shape } from './read-estimator.js';

/** Just below the longest string in JavaScript. */
const MAX_BYTES = 536_000_000;
const TASKS: readonly Task[] = ['binary', 'multiclass', 'regression'];
const REMEDY = 'Export the model again with tools/export_sklearn.py';

/** A raw row, and scikit-learn's answer to it. */
export interface AnsweredRow {
  readonly input: Readonly<Record<string, CellValue>>;
  /** The features from the pipeline's steps, if recorded. */
  readonly features?: readonly (number | null)[];
  readonly probabilities: readonly number[];
  readonly prediction: ClassLabel;
  /** Whether it is a sampled row with an injected missing or unknown value. */
  readonly isProbe: boolean;
}

/** A pipeline as written by `tools/export_sklearn.py`. */
export interface SklearnExport {
  /** The class of the last step. */
  readonly name: string;
  readonly algorithm: string;
  readonly task: Task;
  readonly classes: readonly ClassLabel[];
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, unknown>>;
  readonly metadata: Partial<Pick<Manifest, 'metrics' | 'train_samples' | 'test_samples' | 'timestamp'>>;
  readonly notes: readonly string[];
  readonly pipeline: FittedPipeline;
  readonly estimator: Estimator;
  /** Whether the source sums in float32, as XGBoost does. */
  readonly addsInFloat32: boolean;
  readonly rows: readonly AnsweredRow[];
}

/** For example `HistGradientBoostingClassifier` is hist_gradient_boosting. */
const algorithmOf = (name: string): string =>
  name
    .replace(/(?:Classifier|Regressor|CV)+$/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

function labelsOf(document: Fields): ClassLabel[] {
  const labels = Array.from(document.list('classes')) as ClassLabel[];
  const isNumbers = labels.every(Number.isSafeInteger);
  if ((isNumbers || labels.every((label) => typeof label === 'string')) && new Set(labels).size === labels.length)
    return labels;
  throw new DumpFlaw(document.placeOf('classes'), 'are neither different texts nor different whole numbers', REMEDY);
}

function rowOf(row: Fields, { classes, features }: Shape, labels: readonly ClassLabel[]): AnsweredRow {
  const probabilities = Array.from(row.numbers('probabilities', classes));
  const prediction = row.value('prediction') as ClassLabel;
  const isKnown = classes === 0 ? Number.isFinite(prediction) : labels.includes(prediction);
  if (!isKnown) throw new DumpFlaw(row.placeOf('prediction'), `is ${JSON.stringify(prediction)}`, REMEDY);
  return {
    input: row.fields('input').plain as AnsweredRow['input'],
    ...(row.has('features') && { features: row.numbersOrNull('features', features) }),
    probabilities,
    prediction,
    isProbe: row.has('probe'),
  };
}

/** A last step that was saved by another library. */
function readForeign(model: Fields, kind: string, choice: TreeChoice): TranslatedModel | undefined {
  if (kind === 'xgboost') return readXgboost(model.value('dump'), choice);
  return kind === 'lightgbm' ? readLightgbm(model.text('dump')) : undefined;
}

function checkForeign({ ensemble, inputs, classes, objective }: TranslatedModel, shape: Shape, where: string): void {
  const coded = inputs.find(({ type }) => type === 'category');
  if (coded) {
    throw new DumpFlaw(
      where,
      `reads categories by itself ("${coded.name}")`,
      'Encode them by a step before it, or save the model by its own library and import that',
    );
  }
  if (ensemble.features !== shape.features || classes !== shape.classes) {
    throw new DumpFlaw(
      where,
      `is ${objective} of ${ensemble.features} features, but ${shape.features} come to it`,
      REMEDY,
    );
  }
}

function read(document: Fields, choice: TreeChoice, path: string): SklearnExport {
  if (document.count('format_version') !== 1) {
    throw new DumpFlaw(
      'format_version',
      'is of a later tool than this version knows',
      'Take tools/export_sklearn.py of this version',
    );
  }
  const task = document.text('task') as Task;
  if (!TASKS.includes(task)) throw new DumpFlaw('task', `is "${task}", none of ${TASKS.join(', ')}`, REMEDY);
  const labels = labelsOf(document);
  const outputs = document.fields('pipeline').list('outputs').length;
  if (outputs < 1 || outputs > MAX_FEATURES) {
    throw new DumpFlaw(
      'pipeline.outputs',
      `are ${outputs}; a model has 1 to ${MAX_FEATURES.toLocaleString('en')} features`,
      REMEDY,
    );
  }
  const due = { regression: [0, 0], binary: [2, 2], multiclass: [3, Infinity] }[task];
  if (!(labels.length >= due[0] && labels.length <= due[1])) {
    throw new DumpFlaw('classes', `are ${labels.length}, which does not go with ${task}`, REMEDY);
  }
  const shape: Shape = { features: outputs, task, classes: labels.length };
  const model = document.fields('model');
  const foreign = readForeign(model, model.text('kind'), choice);
  if (foreign) checkForeign(foreign, shape, 'model');
  const estimator: Estimator = foreign ? { kind: 'trees', ensemble: foreign.ensemble } : readEstimator(model, shape);
  const { accepts_missing, ...rest } = parseDocument(
    'pipeline',
    JSON.stringify({ ...document.fields('pipeline').plain, format_version: 2 }),
    path,
  );
  // These steps change columns in place, so they must use the names of the columns that reach the model.
  const zeros = (foreign?.steps ?? []).flatMap((step) => {
    const place = foreign!.inputs.findIndex(({ name }) => 'column' in step && name === step.column);
    return place < 0 ? [] : [{ ...step, column: rest.outputs[place] } as FittedPipeline['steps'][number]];
  });
  const fitted = {
    ...rest,
    steps: [...rest.steps, ...zeros],
    feature_dtype: inputOf(estimator),
    ...(accepts_missing && { accepts_missing }),
  };
  const pipeline: FittedPipeline = { ...fitted, format_version: formatVersion(fitted) };
  const name = document.text('estimator');
  return {
    name,
    algorithm: foreign?.algorithm ?? algorithmOf(name),
    task,
    classes: labels,
    hyperparameters: document.fields('hyperparameters').plain,
    versions: document.fields('versions').plain,
    metadata: document.fields('metadata').plain,
    notes: [...document.texts('notes'), ...(foreign?.notes ?? [])],
    pipeline,
    estimator,
    addsInFloat32: foreign?.source === 'xgboost',
    rows: Array.from(document.list('rows'), (row, i) => rowOf(Fields.of(row, `rows[${i}]`), shape, labels)),
  };
}

/**
 * Reads a pipeline written by `tools/export_sklearn.py`.
 *
 * @throws InputError saying which place of the file is wrong and how to fix it
 */
export async function readExport(
  path: string,
  choice: TreeChoice,
): Promise<{ readonly exported: SklearnExport; readonly sha256: Readonly<Record<string, string>> }> {
  const bytes = await readRegularFile(path, MAX_BYTES).catch(({ message }: UnreadableFileError) => {
    throw new InputError(`${message}.`);
  });
  try {
    const document = Fields.of(parseJson(bytes), '');
    return { exported: read(document, choice, path), sha256: { [basename(path)]: digestOf(bytes).sha256 } };
  } catch (error) {
    if (error instanceof BundleError) throw new InputError(`${path}: ${error.problem}. ${REMEDY}.`);
    if (!(error instanceof DumpFlaw)) throw error;
    throw new InputError(error.inFile(path));
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new DumpFlaw('', `is not valid JSON: ${(error as Error).message.slice(0, 200)}`, REMEDY);
  }
}
