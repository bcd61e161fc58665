import { basename, join } from 'node:path';
import {
  BundleError,
  digestOf,
  nextVersion,
  refuseExternalData,
  TensorModel,
  type TensorSpec,
  writeTensorBundle,
} from '#registry';
import { readBytes } from '../data/read-bytes.js';
import { crownImported, type ImportedChampion, type ImportTarget } from './imported-champion.js';
import { checkModelName } from './model-name.js';
import { withoutZipMap } from './without-zip-map.js';

export interface OnnxImportOptions extends ImportTarget {
  /** The ONNX file. */
  readonly file: string;
}

export interface ImportedOnnx extends ImportedChampion {
  readonly directory: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Outputs that were lists of maps and are tensors now. */
  readonly converted: readonly string[];
}

/**
 * Brings an ONNX model as it is: tensors in, tensors out. Nothing is written before ONNX Runtime has opened it.
 *
 * @throws InputError or BundleError saying what is wrong with the file and how to mend it
 */
export async function importOnnx(options: OnnxImportOptions): Promise<ImportedOnnx> {
  const { file, name, modelsDirectory } = options;
  checkModelName(name);
  const bytes = await readBytes(file);
  await refuseExternalData(bytes, file);
  const { model, changed } = withoutZipMap(bytes);
  const version = await nextVersion(modelsDirectory, name);
  const manifest = {
    format_version: 1,
    kind: 'tensor',
    name,
    version,
    timestamp: new Date().toISOString(),
    lineage: { source: 'onnx', sha256: { [basename(file)]: digestOf(bytes).sha256 } },
  } as const;
  const unwritten = { directory: join(modelsDirectory, name, version), manifest: { ...manifest, files: {} as never } };
  const proven = await TensorModel.open({ ...unwritten, model }, { threads: 1, maxPendingRows: 1 }).catch(
    (error: Error) => {
      throw error instanceof BundleError ? new BundleError(file, error.problem, error.remedy) : error;
    },
  );
  await proven.close();
  const directory = await writeTensorBundle(modelsDirectory, { manifest, model });
  const { inputs, outputs } = proven;
  return { directory, version, inputs, outputs, converted: changed, ...(await crownImported(options, version)) };
}
