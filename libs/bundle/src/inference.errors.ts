import type { FeatureFault } from '#features';

/** Rows whose features are not finite in float32: the caller's values are to blame, not the model. */
export class FeatureOverflowError extends Error {
  override readonly name = 'FeatureOverflowError';

  constructor(readonly faults: readonly FeatureFault[]) {
    super(`${faults.length} feature(s) do not fit in float32`);
  }
}

/** The model fails on an input that its schema allows. */
export class ModelFailureError extends Error {
  override readonly name = 'ModelFailureError';

  /** @param row index within the call, where it is known */
  constructor(
    message: string,
    readonly row?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** No model is ready; the message says why. */
export class ModelNotReadyError extends Error {
  override readonly name = 'ModelNotReadyError';
}

/** Model or version not found; the message lists the existing ones. */
export class ModelNotFoundError extends Error {
  override readonly name = 'ModelNotFoundError';
}

/** The version exists but is not loaded, as no alias names it; the message says how to load it. */
export class VersionNotLoadedError extends Error {
  override readonly name = 'VersionNotLoadedError';
}

/** The request names no model, there are several, and none is the default. */
export class NoDefaultModelError extends Error {
  override readonly name = 'NoDefaultModelError';

  constructor(readonly models: readonly string[]) {
    super(`There are ${models.length} models and none of them is the default: ${models.join(', ')}`);
  }
}

/** Rows were sent to a model that takes tensors. */
export class NoPipelineError extends Error {
  override readonly name = 'NoPipelineError';

  constructor(readonly model: string) {
    super(`The model ${model} has no pipeline: it takes tensors, not rows`);
  }
}

/** More rows are waiting than the configured bound allows. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}
