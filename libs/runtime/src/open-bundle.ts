import type { Bundle, TensorBundle } from '#bundle';
import type { FeaturePipeline } from '#features';
import { ServedModel } from './served-model.js';
import { TensorModel, type TensorOptions } from './tensor-model.js';
import type { Verdict } from './verdict.js';

/** A loaded model: either with a pipeline for raw rows, or for tensors. */
export type LoadedModel = ServedModel | TensorModel;

/**
 * Opens a version whose files were read and verified.
 *
 * @param verdict as of {@link ServedModel.open}
 * @throws BundleError when it is not fit to serve
 */
export function openBundle(
  bundle: Bundle | TensorBundle,
  pipeline: FeaturePipeline,
  options: TensorOptions,
  verdict?: Verdict,
): Promise<LoadedModel> {
  return 'pipeline' in bundle
    ? ServedModel.open(bundle, pipeline, options, verdict)
    : TensorModel.open(bundle, options);
}
