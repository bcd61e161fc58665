import type { Bundle, TensorBundle } from '#bundle';
import type { FeaturePipeline } from '#features';
import { ServedModel } from './served-model.js';
import { TensorModel, type TensorOptions } from './tensor-model.js';

/** A model that can answer: rows through its pipeline, or tensors as they are. */
export type LoadedModel = ServedModel | TensorModel;

/** Opens a version whose files were read and verified. @throws BundleError when it must not serve */
export function openBundle(
  bundle: Bundle | TensorBundle,
  pipeline: FeaturePipeline,
  options: TensorOptions,
): Promise<LoadedModel> {
  return 'pipeline' in bundle ? ServedModel.open(bundle, pipeline, options) : TensorModel.open(bundle, options);
}
