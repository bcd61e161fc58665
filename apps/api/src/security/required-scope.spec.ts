import { readFileSync } from 'node:fs';
import { requiredScope } from './required-scope.js';

/** Every operation of the API and what it takes: whoever adds a route decides here. */
const EXPECTED: Record<string, string | undefined> = {
  'GET /': undefined,
  'GET /health': undefined,
  'GET /health/live': undefined,
  'GET /health/ready': undefined,
  'GET /health/startup': undefined,
  'GET /ping': undefined,
  'GET /version': undefined,
  'GET /metrics': 'read',
  'GET /model/info': 'read',
  'GET /models': 'read',
  'GET /models/{model}': 'read',
  'GET /models/{model}/versions/{version}': 'read',
  'POST /models/{model}/predict': 'predict',
  'POST /models/{model}/predict/batch': 'predict',
  'POST /models/{model}/versions/{version}/predict': 'predict',
  'POST /models/{model}/versions/{version}/predict/batch': 'predict',
  'POST /models/random_forest/predict': 'predict',
  'POST /models/random_forest/predict/batch': 'predict',
  'POST /predict': 'predict',
  'POST /predict/batch': 'predict',
  'POST /invocations': 'predict',
  'GET /v2': 'read',
  'GET /v2/health/live': undefined,
  'GET /v2/health/ready': undefined,
  'GET /v2/models/stats': 'read',
  'GET /v2/models/{model}': 'read',
  'GET /v2/models/{model}/ready': undefined,
  'GET /v2/models/{model}/stats': 'read',
  'GET /v2/models/{model}/versions/{version}': 'read',
  'GET /v2/models/{model}/versions/{version}/ready': undefined,
  'GET /v2/models/{model}/versions/{version}/stats': 'read',
  'POST /v2/models/{model}/infer': 'predict',
  'POST /v2/models/{model}/versions/{version}/infer': 'predict',
  'POST /v2/repository/index': 'read',
};

describe('requiredScope', () => {
  it('is decided for every operation of openapi.json', () => {
    const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, object> };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    const asked = operations.map(([method, path]) => [
      `${method} ${path}`,
      requiredScope(method, path.replaceAll(/\{\w+\}/g, 'x')),
    ]);
    expect(Object.fromEntries(asked)).toEqual(EXPECTED);
  });

  it.each([
    ['POST', '/v2/repository/models/a/load', 'admin'],
    ['POST', '/V2/Repository/Models/a/unload', 'admin'],
    ['GET', '/v2/repository/models/a/load', 'admin'],
    ['POST', '/v2/repository/index', 'read'],
    ['POST', '/v2/models/a/infer', 'predict'],
    ['GET', '/v2/models/a', 'read'],
    ['GET', '/v2/models/a/ready', undefined],
    ['GET', '/v2/models/a/versions/1/ready', undefined],
    ['GET', '/v2/health/live', undefined],
    ['HEAD', '/health/live', undefined],
    ['OPTIONS', '/predict', undefined],
    ['DELETE', '/predict', 'predict'],
    ['GET', '/docs', undefined],
    ['GET', '/docs/swagger-ui.css', undefined],
    ['GET', '/docs/../metrics', 'read'],
    ['GET', '/METRICS', 'read'],
    ['GET', '//health', 'read'],
    ['GET', '/health/other', 'read'],
    ['GET', '/nothing', 'read'],
  ])('takes for %s %s: %s', (method, path, scope) => {
    expect(requiredScope(method, path)).toBe(scope);
  });
});
