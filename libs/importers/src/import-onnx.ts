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
  /** Where the label of a classifier comes from; found by the rows, or compared, when not given. */
  readonly labels?: LabelSource;
  /** CSV of rows that the source of the model answered. */
  readonly golden?: string;
}

export interface ImportedOnnx extends ImportedChampion {
  readonly directory: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Outputs that were lists of maps and are tensors now. */
  readonly converted: readonly string[];
  /** Where the label comes from, where that had to be decided. */
  readonly labels: LabelSource | null;
  /** Rows on which label and largest probability were compared; none where the model answers no such pair. */
  readonly compared_rows: number;
  /** Rows that the source answered, and the model as it does. */
  readonly source_rows: number;
}

/** As much as a model can hold. */
const DATA_BYTES = 2 ** 31 - 1;

/** A file beside the model, no link: whoever wrote the model may have written links as well. */
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
 * Brings an ONNX model as it is: tensors in, tensors out. Nothing is written before ONNX Runtime has opened it, and
 * its labels are those of its source, or at least of its own probabilities.
 *
 * @throws InputError or BundleError saying what is wrong with the file and how to mend it
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

/** Opens a model of which nobody has decided yet where its labels come from. @throws BundleError naming the file */
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
