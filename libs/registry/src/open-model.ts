import type { KeyObject } from 'node:crypto';
import type { FeaturePipeline } from '#features';
import type { TaskRunner } from '#kit';
import type { Bundle, TensorBundle } from './bundle/bundle.js';
import { readAnyBundle } from './bundle/read-bundle.js';
import { proveApart } from './proof/proof.js';
import { ServedModel } from './served-model.js';
import { TensorModel, type TensorOptions } from './tensor-model.js';

/** A model that can answer: rows through its pipeline, or tensors as they are. */
export type LoadedModel = ServedModel | TensorModel;

export interface OpenOptions extends TensorOptions {
  /** Ed25519 key whose signature every version must carry; none when not given. */
  readonly publicKey?: KeyObject;
  /** Proves versions in processes of their own first; this process alone proves them when not given. */
  readonly prover?: TaskRunner;
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
  if (options.prover) await proveApart(options.prover, directory, bundle.manifest, options);
  return openBundle(bundle, pipeline, options);
}

/** Opens a version whose files were read and verified. @throws BundleError when it must not serve */
export function openBundle(
  bundle: Bundle | TensorBundle,
  pipeline: FeaturePipeline,
  options: TensorOptions,
): Promise<LoadedModel> {
  return 'pipeline' in bundle ? ServedModel.open(bundle, pipeline, options) : TensorModel.open(bundle, options);
}
