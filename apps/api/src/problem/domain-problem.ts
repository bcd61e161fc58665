import {
  ModelFailureError,
  ModelNotFoundError,
  ModelNotReadyError,
  NoDefaultModelError,
  NoPipelineError,
  OverloadedError,
  VersionNotLoadedError,
} from '#bundle';
import { Problem } from './problem.js';

const RETRY_SOON = { 'Retry-After': '1' };

/** Translates a model's error into a problem, for all protocols; `undefined` for other errors. */
export function domainProblem(error: unknown): Problem | undefined {
  if (error instanceof ModelFailureError) {
    const where = error.row === undefined ? '' : ` at instances[${error.row}]`;
    return new Problem('model-failure', `${error.message}${where}; the server's log says more.`);
  }
  if (error instanceof ModelNotFoundError) return new Problem('model-not-found', `${error.message}.`);
  if (error instanceof NoPipelineError) {
    return new Problem('no-pipeline', `${error.message}. Use POST /v2/models/${error.model}/infer.`);
  }
  if (error instanceof NoDefaultModelError) {
    const remedy = 'Use POST /models/{model}/predict, or set models.default (DEFAULT_MODEL)';
    return new Problem('no-default-model', `${error.message}. ${remedy}.`);
  }
  if (error instanceof VersionNotLoadedError) return new Problem('version-not-loaded', `${error.message}.`);
  if (error instanceof ModelNotReadyError) return new Problem('model-not-ready', error.message, {}, RETRY_SOON);
  if (error instanceof OverloadedError) return new Problem('overloaded', `${error.message}; retry.`, {}, RETRY_SOON);
  return undefined;
}
