import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError, readBytes, readRegularFile, type UnreadableFileError } from '#kit';
import { BundleError, digestOf, type LabelSource, packTensorBundle, selfContained } from '#bundle';
import { publishTensorBundle } from '#registry';
import { TensorModel, type TensorSpec } from '#runtime';
import { publishImported, type ImportedChampion, type ImportTarget } from './imported-champion.js';
import { decideLabels } from './decide-labels.js';
import { checkModelName } from './model-name.js';

export interface OnnxImportOptions extends ImportTarget {
  /** The ONNX file. */
  readonly file: string;
  /** Where a classifier's label comes from; when not given, it is derived from the rows, or both are compared. */
  readonly labels?: LabelSource;
  /** CSV of rows answered by the model's source. */
  readonly golden?: string;
}

export interface ImportedOnnx extends ImportedChampion {
  readonly directory: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Outputs that were lists of maps and are now tensors. */
  readonly converted: readonly string[];
  /** Where the label comes from, if that had to be decided. */
  readonly labels: LabelSource | null;
  /** Rows on which label and largest probability were compared; 0 without such a pair of outputs. */
  readonly compared_rows: number;
  /** Rows on which the model agreed with its source. */
  readonly source_rows: number;
}

/** The size limit of a model. */
const DATA_BYTES = 2 ** 31 - 1;

/** Reads a file beside the model; links are refused, as the model's author may have created them. */
async function readSibling(file: string, name: string): Promise<Buffer | undefined> {
  const path = join(dirname(file), name);
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return undefined;
  if (stats.isSymbolicLink()) throw new InputError(`${path} is a link: copy the file itself beside the model.`);
  return readRegularFile(path, DATA_BYTES).catch(({ message }: UnreadableFileError) => {
    throw new InputError(`${message}.`);
  });
}

/**
 * Imports an ONNX model unchanged: tensors in, tensors out. It is written only after ONNX Runtime has opened it, and
 * its labels agree with its source, or at least with its own probabilities.
 *
 * @throws InputError or BundleError saying what is wrong with the file and how to fix it
 */
export async function importOnnx(options: OnnxImportOptions): Promise<ImportedOnnx> {
  const { file, name, modelsDirectory } = options;
  checkModelName(name);
  const bytes = await readBytes(file);
  const { model, converted, files } = await selfContained(bytes, file, (beside) => readSibling(file, beside));
  const digests = Object.fromEntries(
    [[basename(file), bytes] as const, ...files].map(([name, read]) => [name, digestOf(read).sha256]),
  );
  const manifest = {
    format_version: 1,
    kind: 'tensor',
    name,
    timestamp: new Date().toISOString(),
    lineage: { source: 'onnx', ...(options.from !== undefined && { from: options.from }), sha256: digests },
  } as const;
  const opened = await openUnproven(file, model, options);
  const proof = options.golden ? await decideLabels(opened, options.golden, options.labels) : undefined;
  const labels = options.labels ?? proof?.labels;
  const compared = await opened.compareLabels();
  await opened.close();
  const decided = {
    ...manifest,
    ...(labels && { labels }),
    ...(proof && { proof: { rows: proof.rows, answered_by: 'source' as const } }),
  };
  const published = await publishImported(options, (promotion) =>
    publishTensorBundle(modelsDirectory, { manifest: decided, model }, { ...promotion, fileName: () => file }),
  );
  const { directory, version, champion, waitsForSignature } = published;
  const { inputs, outputs } = published.model;
  return {
    directory,
    version,
    inputs,
    outputs,
    converted,
    labels: labels ?? null,
    compared_rows: compared?.own.length ?? 0,
    source_rows: proof?.rows ?? 0,
    champion,
    waitsForSignature,
  };
}

/** Opens a model whose label source is not yet decided. @throws BundleError naming the file */
function openUnproven(
  file: string,
  model: Uint8Array,
  { name, labels = 'model' }: OnnxImportOptions,
): Promise<TensorModel> {
  const manifest = {
    format_version: 1,
    kind: 'tensor',
    name,
    version: '0',
    timestamp: '',
    lineage: {},
    labels,
  } as const;
  const bundle = { ...packTensorBundle({ manifest, model }), directory: dirname(file), model };
  return TensorModel.open(bundle, { threads: 1, maxPendingRows: 1 }).catch((error: Error) => {
    throw error instanceof BundleError ? new BundleError(file, error.problem, error.remedy) : error;
  });
}
