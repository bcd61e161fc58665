import type { ErrorFormat } from '../../problem/error-format.js';

/** The error format of the Open Inference Protocol; a tensor that does not fit the model is 400. */
export const INFERENCE_ERRORS: ErrorFormat = {
  schema: 'InferenceError',
  status: ({ status }) => (status === 422 ? 400 : status),
  body: ({ detail }) => ({ error: detail }),
};
