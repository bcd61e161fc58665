import { HEADERS_TOO_LARGE, TOO_SLOW } from './request-details.js';
import type { ProblemDocument } from './problem.js';
import type { ProblemType } from './problem-types.js';

type Example = Pick<ProblemDocument, 'detail' | 'errors'>;

/** An example detail of each type of problem for the documentation, as the API words it for the shipped model. */
export const PROBLEM_EXAMPLES: Readonly<Record<ProblemType, Example>> = {
  'bad-request': {
    detail: 'The body cannot be decompressed: it does not match its Content-Encoding, or it is incomplete.',
  },
  'malformed-json': { detail: 'The body is empty; send a JSON object.' },
  'json-too-complex': { detail: 'The body nests more than 100 levels deep; no model input needs that.' },
  unauthorized: { detail: 'Send "Authorization: Bearer <key or token>", or "X-API-Key: <key>".' },
  forbidden: { detail: 'This requires the scope predict; the key or token has: read.' },
  'model-not-found': { detail: 'There is no model "random_forrest"; there are: random_forest.' },
  'not-found': { detail: 'There is no endpoint at /predictions; GET / lists the endpoints.' },
  'method-not-allowed': { detail: '/predict accepts only POST, OPTIONS.' },
  'not-acceptable': {
    detail:
      'The answer can be application/json, application/x-ndjson, text/csv, application/vnd.apache.arrow.stream; name one of them, or */*, in Accept.',
  },
  'request-timeout': { detail: TOO_SLOW },
  'no-default-model': {
    detail:
      'There are 2 models and none of them is the default: customers, fraud. Use POST /models/{model}/predict, or set models.default (DEFAULT_MODEL).',
  },
  'no-pipeline': {
    detail: 'The model fraud has no pipeline: it takes tensors, not rows. Use POST /v2/models/fraud/infer.',
  },
  'rollout-in-progress': {
    detail: 'A rollout of version 4 is in progress (canary); end it with promote, rollback or abort.',
  },
  'several-workers': {
    detail:
      'This would reach only one of several workers; move aliases in the models folder, which every worker watches, or run a single worker: server.workers (WORKERS), or --workers 1.',
  },
  'version-not-loaded': {
    detail:
      'Version 2 of customers is not loaded, as no alias names it: set models.load to all (MODELS_LOAD=all), or make it the champion with npx skewless models promote customers 2.',
  },
  'wrong-rollout-state': {
    detail:
      'resume is not possible while the rollout is in the state canary; possible: pause, promote, rollback, abort.',
  },
  'precondition-failed': { detail: 'Send the request without If-Match and If-Unmodified-Since.' },
  'payload-too-large': {
    detail:
      'The body exceeds 33554432 bytes, compressed or decompressed, the limit of server.bodyLimitBytes (BODY_LIMIT_BYTES); send several smaller batches.',
  },
  'unsupported-media-type': {
    detail: 'Content-Encoding "zstd" is not supported here; use one of: gzip, x-gzip, deflate, br.',
  },
  'range-not-satisfiable': { detail: 'Content-Range gives the size of the file; request a range within it.' },
  'invalid-input': {
    detail: 'feature_4 must be a finite number from 0 to 100; 1 more fault, see errors.',
    errors: [
      { path: 'feature_4', expected: 'a finite number from 0 to 100', received: 150 },
      { path: 'feature_5', expected: 'a whole number from 1 to 10', received: '5' },
    ],
  },
  'too-many-requests': {
    detail:
      'The limit is 100 requests in 60 seconds, set by rateLimit.requests (RATE_LIMIT_REQUESTS) and rateLimit.seconds (RATE_LIMIT_SECONDS); retry in 7 seconds.',
  },
  'headers-too-large': { detail: HEADERS_TOO_LARGE },
  'internal-error': { detail: 'Report this with the request id 6c56c0d0-c87e-4cee-9905-340d492a2a56.' },
  'model-failure': { detail: "The model answered no finite probability at instances[3]; the server's log says more." },
  'issuer-unavailable': {
    detail: 'The keys that verify tokens cannot be fetched from jwt.jwksUrl (JWT_JWKS_URL); retry.',
  },
  'model-not-ready': { detail: 'The model is being loaded' },
  'store-unavailable': {
    detail:
      'The store of predictions cannot be used (ENOSPC: no space left on device); send the same labels again later.',
  },
  overloaded: { detail: '1024 requests are in progress, the limit of server.maxRequests (MAX_REQUESTS); retry.' },
};
