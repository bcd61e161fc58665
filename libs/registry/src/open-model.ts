import type { KeyObject } from 'node:crypto';
import type { FeaturePipeline } from '#features';
import { readAnyBundle } from './bundle/read-bundle.js';
import { ServedModel } from './served-model.js';
import { TensorModel, type TensorOptions } from './tensor-model.js';

/** A model that can answer: rows through its pipeline, or tensors as they are. */
export type LoadedModel = ServedModel | TensorModel;

export interface OpenOptions extends TensorOptions {
  /** Ed25519 key whose signature every version must carry; none when not given. */
  readonly publicKey?: KeyObject;
}

/**
 * Reads, verifies and opens one version.
 *
 * @param directory `models/<name>/<version>`
 * @throws BundleError when it must not serve
 */
export async function openModel(
  directory: string,
  pipeline: FeaturePipeline,
  options: OpenOptions,
): Promise<LoadedModel> {
  const bundle = await readAnyBundle(directory, options.publicKey);
  return 'pipeline' in bundle ? ServedModel.open(bundle, pipeline, options) : TensorModel.open(bundle, options);
}
