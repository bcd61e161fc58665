import { boot, type RunningApi } from '../helper/boot.js';
import { error, get, INFER, INPUTS, MODEL, ok, TENSORS } from '../helper/inference-rest.js';
import { temporaryFolder } from '#testing';

describe('The Open Inference Protocol over REST', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '100000' })));
  afterAll(() => api.close());

  describe('tells about the server', () => {
    it('GET /v2', async () => {
      const extensions = ['binary_tensor_data', 'model_repository', 'statistics'];
      expect(await get(api, '/v2')).toEqual(ok({ name: 'skewless', version: '0.1.0', extensions }));
      expect(await get(api, '/v2/')).toEqual(ok({ name: 'skewless', version: '0.1.0', extensions }));
    });

    it('GET /v2/health/live, /v2/health/ready', async () => {
      expect(await get(api, '/v2/health/live')).toEqual(ok({ live: true }));
      expect(await get(api, '/v2/health/ready')).toEqual(ok({ live: true, ready: true }));
    });
  });

  describe('tells about a model', () => {
    it.each([MODEL, `${MODEL}/versions/1`])('GET %s', async (path) => {
      expect(await get(api, path)).toEqual(
        ok({ name: 'random_forest', versions: ['1'], platform: 'onnx_onnxv1', ...TENSORS }),
      );
      expect(await get(api, `${path}/ready`)).toEqual(ok({ name: 'random_forest', ready: true }));
    });

    it('404 for an unknown one without what there is: its readiness is for anybody', async () => {
      expect(await get(api, '/v2/models/none/ready')).toEqual(
        error(404, 'Request for unknown model: There is no model "none".'),
      );
      expect(await get(api, `${MODEL}/versions/7/ready`)).toEqual(
        error(404, 'Request for unknown model: There is no version or alias "7" of a model "random_forest".'),
      );
    });

    it.each(['', '/stats'])('404 for an unknown one: GET .../{model}%s', async (rest) => {
      expect(await get(api, `/v2/models/none${rest}`)).toEqual(
        error(404, 'Request for unknown model: There is no model "none"; there are: random_forest.'),
      );
      expect(await get(api, `${MODEL}/versions/7${rest}`)).toEqual(
        error(
          404,
          'Request for unknown model: Model "random_forest" has no version or alias "7"; it has: 1, champion.',
        ),
      );
    });

    it('POST /v2/repository/index', async () => {
      const index = [{ name: 'random_forest', version: '1', state: 'READY', reason: '' }];
      for (const body of [undefined, '', '{}', '{"ready":true}', '{"ready":false}', '{"ready":true,"parameters":{}}']) {
        const answer = await api.ask('/v2/repository/index', { method: 'POST', body });
        expect([body, answer.status, answer.body]).toEqual([body, 200, index]);
      }
    });

    it.each([
      ['[]', 'The body must be a JSON object; received an array of 0'],
      ['{"ready":1}', 'The parameter "ready" of the request must be true or false; received 1'],
      [
        '{"parameters":{"config":"{}"}}',
        'The parameter "config" would override the model\'s files, which never change here',
      ],
    ])('refuses an index request of %s', async (body, message) => {
      const { status, body: answer } = await api.post('/v2/repository/index', body);
      expect([status, answer]).toEqual([400, { error: message }]);
    });

    it('has no load and unload without an administrator', async () => {
      for (const action of ['load', 'unload']) {
        const { status, body } = await api.post(`/v2/repository/models/random_forest/${action}`, {});
        expect([status, body]).toEqual([
          404,
          {
            error:
              'Loading and unloading need a key of scope admin, and this server has no keys: set security.keysFile (API_KEYS_FILE), or jwt.jwksUrl (JWT_JWKS_URL) for tokens. ' +
              "Or move aliases with npx skewless models promote on the server's machine: the server follows.",
          },
        ]);
      }
    });
  });
});

describe('Statistics', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  const duration = (count: number) => ({ count, ns: expect.any(Number) as number });
  const none = { count: 0, ns: 0 };
  const stats = async (path = `${MODEL}/stats`) => (await api.ask(path)).body.model_stats;

  it('count what was asked, rows and failures, and take time', async () => {
    expect(await stats()).toEqual([
      {
        name: 'random_forest',
        version: '1',
        last_inference: 0,
        inference_count: 0,
        execution_count: 0,
        inference_stats: {
          success: none,
          fail: none,
          queue: none,
          compute_input: none,
          compute_infer: none,
          compute_output: none,
          cache_hit: none,
          cache_miss: none,
        },
        response_stats: {},
        batch_stats: [],
        memory_usage: [],
      },
    ]);
    const before = Date.now();
    const one = INPUTS.map((input) => ({ ...input, shape: [1], data: input.data.slice(0, 1) }));
    for (const inputs of [INPUTS, INPUTS, one]) expect((await api.post(INFER, { inputs })).status).toBe(200);
    expect((await api.post(INFER, { inputs: one.slice(1) })).status).toBe(400);
    const [entry] = await stats(`${MODEL}/versions/1/stats`);
    expect(entry.last_inference).toBeGreaterThanOrEqual(before);
    expect(entry).toMatchObject({
      inference_count: 5,
      execution_count: 3,
      inference_stats: {
        success: duration(3),
        fail: duration(1),
        queue: { count: 3, ns: 0 },
        compute_input: duration(3),
        compute_infer: duration(3),
        compute_output: { count: 3, ns: 0 },
      },
      batch_stats: [
        { batch_size: 2, compute_input: duration(2), compute_infer: duration(2), compute_output: { count: 2, ns: 0 } },
        { batch_size: 1, compute_input: duration(1), compute_infer: duration(1), compute_output: { count: 1, ns: 0 } },
      ],
    });
    const { success, compute_input: input, compute_infer: inferred } = entry.inference_stats;
    expect(inferred.ns).toBeGreaterThan(0);
    expect(success.ns).toBeGreaterThanOrEqual(inferred.ns);
    expect(Math.abs(success.ns - input.ns - inferred.ns)).toBeLessThan(10);
    expect(await stats('/v2/models/stats')).toEqual([entry]);
  });
});

describe('Without a model', () => {
  const empty = temporaryFolder();

  it('readiness is 503, and so is all that needs a model', async () => {
    const api = await boot({ MODELS_DIR: empty });
    const ready = await api.ask('/v2/health/ready');
    expect([ready.status, ready.body]).toEqual([503, { live: false, ready: false }]);
    expect((await api.ask('/v2/health/live')).body).toEqual({ live: true });
    expect((await api.post('/v2/repository/index', '')).body).toEqual([]);
    expect((await api.ask('/v2/models/stats')).body).toEqual({ model_stats: [] });
    await api.close();
  });
});
