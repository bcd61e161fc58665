import type { KeyObject } from 'node:crypto';
import { readAnyBundle } from '#bundle';
import type { FeaturePipeline } from '#features';
import type { TaskRunner } from '#kit';
import { type LoadedModel, openBundle, type TensorOptions } from '#runtime';
import { proveApart } from './proof/proof.js';

export interface OpenOptions extends TensorOptions {
  /** Ed25519 key that must have signed every version; no signature is needed when not given. */
  readonly publicKey?: KeyObject;
  /** Proves versions in processes of their own first; when not given, only this process does. */
  readonly prover?: TaskRunner;
}

/**
 * Reads, verifies and opens one version.
 *
 * @param directory `models/<name>/<version>`
 * @throws BundleError when it must not be served
 */
export async function openModel(
  directory: string,
  pipeline: FeaturePipeline,
  options: OpenOptions,
): Promise<LoadedModel> {
  const bundle = await readAnyBundle(directory, options.publicKey);
  const verdict = options.prover && (await proveApart(options.prover, directory, bundle.manifest, options));
  return openBundle(bundle, pipeline, options, verdict);
}
