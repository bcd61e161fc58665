import type { FeaturePipeline } from '#features';
import { readAnyBundle } from './bundle/read-bundle.js';
import { type InferenceOptions, ServedModel } from './served-model.js';
import { TensorModel } from './tensor-model.js';

/** A model that can answer: rows through its pipeline, or tensors as they are. */
export type LoadedModel = ServedModel | TensorModel;

/**
 * Reads, verifies and opens one version.
 *
 * @param directory `models/<name>/<version>`
 * @throws BundleError when it must not serve
 */
export async function openModel(
  directory: string,
  pipeline: FeaturePipeline,
  options: InferenceOptions,
): Promise<LoadedModel> {
  const bundle = await readAnyBundle(directory);
  return 'pipeline' in bundle ? ServedModel.open(bundle, pipeline, options) : TensorModel.open(bundle, options);
}
