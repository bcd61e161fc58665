import { relative } from 'node:path';
import {
  defaultModelText,
  type ImportedModel,
  type ImportedOnnx,
  type ImportedSklearn,
  type ImportedTrees,
  importModel,
  importOnnx,
  importSklearn,
  importTrees,
  type ImportOptions,
  type ImportTarget,
  type OnnxImportOptions,
  type SklearnImportOptions,
  type TreesImportOptions,
} from '#importers';
import { howToSign } from '#registry';
import type { TensorSpec } from '#runtime';
import type { CommandContext } from '../../command-context.js';

/** A path relative to the working directory, or absolute if it lies outside. */
const fromHere = (path: string): string => (relative('', path).startsWith('..') ? path : relative('', path));

const inWords = (tensors: readonly TensorSpec[]): string =>
  tensors.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(', ')}]`).join(', ');

/** The result of an import, and what the server does at its next start. */
type Served = (ImportedModel | ImportedOnnx | ImportedSklearn | ImportedTrees) & { readonly next_start: string };

async function nextStart(
  { models }: CommandContext['config'],
  { name, modelsDirectory }: ImportTarget,
): Promise<Pick<Served, 'next_start'>> {
  return { next_start: await defaultModelText(name, modelsDirectory, models) };
}

function sayWhatServes(name: string, { version, champion, waitsForSignature, next_start: next }: Served): void {
  if (waitsForSignature) console.log(howToSign(name, version));
  if (champion !== null) console.log(`Version ${champion} is the champion. ${next}`);
}

/** Imports a scikit-learn forest and reports the result. */
export async function importForest({ config, print }: CommandContext, options: ImportOptions): Promise<void> {
  const imported = { ...(await importModel(options)), ...(await nextStart(config, options)) };
  const { directory, parity } = imported;
  print(imported, () => {
    console.log(`${fromHere(directory)} written.`);
    console.log(
      `${parity.rows} golden rows reproduced: features to ${parity.max_feature_error.toExponential(1)}, probabilities to ${parity.max_probability_error!.toExponential(1)}, no label differs.`,
    );
    if (options.golden === undefined) console.log(ONLY_OURSELVES);
    sayWhatServes(options.name, imported);
  });
}

/** Display names of libraries. */
const LIBRARIES = { xgboost: 'XGBoost', lightgbm: 'LightGBM' } as const;

/** Describes what the replayed rows prove. */
function proofWords({ parity, proven_rows: rows, proof }: ProvenRows, source: string): string {
  const worst = parity.max_probability_error ?? parity.max_prediction_error ?? 0;
  const to = `to ${worst.toExponential(1)}, as a batch and one by one`;
  if (proof?.answered_by === 'source') return `${rows} rows with answers of the source are reproduced: ${to}.`;
  return `${rows} rows generated from its own thresholds give the same answers in ONNX Runtime as computed here: ${to}. This does not compare it with ${source}; give rows with its answers by --golden to do so.`;
}

type ProvenRows = Pick<ImportedTrees, 'parity' | 'proven_rows' | 'proof'>;

/** Reports what was proven, what serves now, and how to promote. */
function reportImport(name: string, source: string, imported: Served & ProvenRows): void {
  const { version, champion, proof } = imported;
  console.log(proofWords(imported, source));
  if (proof?.answered_by === 'translation') {
    const place = champion === null ? 'No version serves yet.' : `Version ${version} is the challenger.`;
    console.log(`${place} Once you have compared it yourself: skewless models promote ${name} ${version} --unproven`);
  }
  sayWhatServes(name, imported);
}

/** Imports a scikit-learn pipeline and reports the result. */
export async function importPipeline({ config, print }: CommandContext, options: SklearnImportOptions): Promise<void> {
  const imported = { ...(await importSklearn(options)), ...(await nextStart(config, options)) };
  const { directory, estimator, trees, columns, features, notes } = imported;
  print(imported, () => {
    console.log(`${fromHere(directory)} written.`);
    const of = trees > 0 ? ` of ${trees} trees` : '';
    console.log(`${estimator}${of}: ${columns.length} columns become ${features.length} features.`);
    for (const note of notes) console.log(note);
    reportImport(options.name, 'scikit-learn', imported);
  });
}

/** Imports an XGBoost or LightGBM model and reports the result. */
export async function importBooster({ config, print }: CommandContext, options: TreesImportOptions): Promise<void> {
  const imported = { ...(await importTrees(options)), ...(await nextStart(config, options)) };
  const { directory, source, objective, trees, features, notes } = imported;
  print(imported, () => {
    console.log(`${fromHere(directory)} written.`);
    console.log(`${trees} trees of ${LIBRARIES[source]}, ${objective}, of ${features.length} features.`);
    for (const note of notes) console.log(note);
    reportImport(options.name, LIBRARIES[source], imported);
  });
}

/** Describes what is known about a classifier's labels. */
function* labelWords({ labels, compared_rows: compared, source_rows: rows }: ImportedOnnx): Generator<string> {
  if (rows > 0) yield `Its labels are those of its source in ${rows} of ${rows} rows.`;
  if (labels)
    yield `The label comes from ${labels === 'model' ? "the model's own output" : 'the largest probability'}.`;
  else if (compared > 0)
    yield `Its label is that of the largest probability in ${compared} of ${compared} random rows.`;
  if (rows === 0)
    yield 'It was not compared with its source; give rows with answers of the source by --golden to do so.';
}

const tensorsText = (name: string): string =>
  `It takes tensors, so POST /v2/models/${name}/infer asks it; POST /predict takes rows and cannot.`;

/** Imports an ONNX model and reports the result. */
export async function importTensors({ print }: CommandContext, options: OnnxImportOptions): Promise<void> {
  const imported = { ...(await importOnnx(options)), next_start: tensorsText(options.name) };
  const { directory, inputs, outputs, converted } = imported;
  print(imported, () => {
    console.log(`${fromHere(directory)} written.`);
    console.log(`It takes ${inWords(inputs)} and gives ${inWords(outputs)}.`);
    if (converted.length > 0) console.log(`${converted.join(', ')} was a list of maps (ZipMap) and is a tensor now.`);
    for (const line of labelWords(imported)) console.log(line);
    sayWhatServes(options.name, imported);
  });
}

/** What golden rows prove that were computed here. */
const ONLY_OURSELVES =
  'These rows were computed from the two files, so they do not prove that recipe and scaler are those of the training. Rows with answers of the source, given by --golden, do.';
