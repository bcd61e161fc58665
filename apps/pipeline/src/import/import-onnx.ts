import { basename, join } from 'node:path';
import {
  type Aliases,
  BundleError,
  digestOf,
  nextVersion,
  refuseExternalData,
  TensorModel,
  type TensorSpec,
  writeTensorBundle,
} from '#registry';
import { readBytes } from '../data/read-bytes.js';
import { crown } from './crown.js';
import { checkModelName } from './model-name.js';
import { withoutZipMap } from './without-zip-map.js';

export interface OnnxImportOptions {
  /** The ONNX file. */
  readonly file: string;
  readonly name: string;
  readonly modelsDirectory: string;
  /** Make the version the champion even where there is one already. */
  readonly champion: boolean;
}

export interface ImportedOnnx {
  readonly directory: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Outputs that were lists of maps and are tensors now. */
  readonly converted: readonly string[];
  readonly aliases: Aliases;
}

/**
 * Brings an ONNX model as it is: tensors in, tensors out. Nothing is written before ONNX Runtime has opened it.
 *
 * @throws InputError or BundleError saying what is wrong with the file and how to mend it
 */
export async function importOnnx(options: OnnxImportOptions): Promise<ImportedOnnx> {
  const { file, name, modelsDirectory, champion } = options;
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
  const aliases = await crown(modelsDirectory, name, version, champion);
  return { directory, version, inputs: proven.inputs, outputs: proven.outputs, converted: changed, aliases };
}
