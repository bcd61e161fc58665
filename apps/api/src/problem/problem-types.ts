/** Every kind of error that the API answers: the one table, documented in docs/problems.md. */
export const PROBLEM_TYPES = {
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'json-too-complex': { status: 400, title: 'The JSON is too deep or too wide' },
  unauthorized: { status: 401, title: 'Who asks is not proven' },
  forbidden: { status: 403, title: 'Who asks may not do this' },
  'model-not-found': { status: 404, title: 'There is no such model or version' },
  'not-found': { status: 404, title: 'There is nothing at this path' },
  'method-not-allowed': { status: 405, title: 'This path does not answer that method' },
  'not-acceptable': { status: 406, title: 'No format of the answer is acceptable' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'no-pipeline': { status: 409, title: 'This model takes tensors, not rows' },
  'several-workers': { status: 409, title: 'Models are not loaded or unloaded in one of several workers' },
  'precondition-failed': { status: 412, title: 'The file is not the one that was asked for' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is in a format that is not read here' },
  'range-not-satisfiable': { status: 416, title: 'The file does not reach so far' },
  'invalid-input': { status: 422, title: "The input does not match the model's schema" },
  'too-many-requests': { status: 429, title: 'Too many requests from this caller' },
  'headers-too-large': { status: 431, title: 'The header fields are too large' },
  'internal-error': { status: 500, title: 'Something went wrong here, not in the request' },
  'model-failure': { status: 500, title: 'The model cannot answer this input' },
  'issuer-unavailable': { status: 503, title: 'Who asks cannot be found out now' },
  'model-not-ready': { status: 503, title: 'No model can answer now' },
  overloaded: { status: 503, title: 'Too much is under way' },
} as const;

export type ProblemType = keyof typeof PROBLEM_TYPES;
