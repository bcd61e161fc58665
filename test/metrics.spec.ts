import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Metrics } from '../apps/api/src/metrics/metrics.js';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE, freePort, temporaryFolder, until } from '#testing';
import { grpcClient } from './helper/grpc-client.js';
import { metricsOf, sampleOf, sumOf } from './helper/metrics-text.js';
import { ServerProcess } from './helper/server-process.js';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

const store = temporaryFolder();

describe('GET /metrics', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await boot({
      GRPC_ENABLED: 'true',
      GRPC_PORT: '0',
      MONITOR_ENABLED: 'true',
      MONITOR_STORE: store,
    });
    const client = grpcClient(api.grpcPort!);
    await client.call('ServerLive');
    client.close();
  });
  afterAll(() => api.close());

  const shown = async (): Promise<string> => (await api.ask('/metrics')).text;

  /** Requests are counted when their answer is out, which the caller may see first. */
  const counted = (look: (text: string) => boolean): Promise<unknown> => until(async () => look(await shown()));

  it('counts requests by route, method and status, and those that no route answers as one', async () => {
    await api.post('/predict', EXAMPLE);
    await api.post('/predict', {});
    await api.post('/predict', 'x', { 'content-type': 'text/plain' });
    for (const path of ['/nothing', '/nowhere', '/predict/never']) await api.ask(path);
    await api.ask('/predict');
    const count = (text: string, route: string, method: string, status: string): number | undefined =>
      sampleOf(text, 'skewless_http_request_duration_seconds_count', { method, route, status });
    await counted(
      (text) =>
        count(text, '/predict', 'POST', '200') === 1 &&
        count(text, '/predict', 'POST', '422') === 1 &&
        count(text, '/predict', 'POST', '415') === 1 &&
        count(text, '/predict', 'GET', '405') === 1 &&
        count(text, 'other', 'GET', '404') === 3,
    );
    const text = await shown();
    expect(text).not.toContain('nowhere');
    expect(sampleOf(text, 'skewless_http_requests_in_flight')).toBe(1);
    for (const [reason, times] of [
      ['invalid-input', 1],
      ['unsupported-media-type', 1],
      ['method-not-allowed', 1],
      ['not-found', 3],
      ['overloaded', 0],
    ] as const) {
      expect([reason, sampleOf(text, 'skewless_rejected_total', { reason })]).toEqual([reason, times]);
    }
  });

  it('counts every observation in one bucket, cumulated up to the count', async () => {
    const text = await shown();
    const series = { method: 'POST', route: '/predict', status: '200' };
    const bounds = [
      ...text.matchAll(
        /^skewless_http_request_duration_seconds_bucket\{le="([^"]+)",method="POST",route="\/predict",status="200"\} (\d+)$/gm,
      ),
    ];
    expect(bounds.map(([, le]) => le)).toEqual([
      ...bounds
        .map(([, le]) => Number(le))
        .filter(Number.isFinite)
        .sort((a, b) => a - b)
        .map(String),
      '+Inf',
    ]);
    const counts = bounds.map(([, , count]) => Number(count));
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(sampleOf(text, 'skewless_http_request_duration_seconds_count', series));
  });

  it('counts rows, runs and stages', async () => {
    const before = await shown();
    expect((await api.post('/predict/batch', { instances: Array(2_500).fill(EXAMPLE) })).status).toBe(200);
    const after = await shown();
    const grown = (name: string, labels?: Record<string, string>): number =>
      sampleOf(after, name, labels)! - sampleOf(before, name, labels)!;
    expect(grown('skewless_inference_rows_total', { model: 'random_forest' })).toBe(2_500);
    expect(grown('skewless_batch_size_rows_sum')).toBe(2_500);
    const runs = grown('skewless_batch_size_rows_count');
    expect(runs).toBeGreaterThan(1);
    for (const [stage, times] of [
      ['validate', 1],
      ['features', runs],
      ['inference', runs],
    ] as const) {
      expect(grown('skewless_inference_duration_seconds_count', { stage })).toBe(times);
      expect(grown('skewless_inference_duration_seconds_sum', { stage })).toBeGreaterThan(0);
    }
    expect(sampleOf(after, 'skewless_pending_rows')).toBe(0);
  });

  it('names the model that serves', async () => {
    const { body } = await api.ask('/model/info');
    const text = await shown();
    const digest = body.sha256['model.onnx'] as string;
    expect(
      sampleOf(text, 'skewless_model_info', { name: 'random_forest', version: '1', alias: 'champion', digest }),
    ).toBe(1);
    expect(sampleOf(text, 'skewless_model_ready', { name: 'random_forest' })).toBe(1);
    expect(sampleOf(text, 'skewless_model_loads_total', { name: 'random_forest', outcome: 'success' })).toBe(1);
    expect(sampleOf(text, 'skewless_worker_restarts_total')).toBe(0);
  });

  it('counts what could not be read as a request', async () => {
    connect(Number(new URL(api.url).port), '127.0.0.1')
      .end('no HTTP\r\n\r\n')
      .resume();
    await counted((text) => sampleOf(text, 'skewless_rejected_total', { reason: 'bad-request' }) === 1);
  });

  it('counts a caller who went away as 499', async () => {
    const body = JSON.stringify({ instances: Array(50_000).fill(EXAMPLE) });
    const headers = { 'content-type': 'application/json' };
    const count = (text: string, status: string): number =>
      sampleOf(text, 'skewless_http_request_duration_seconds_count', {
        method: 'POST',
        route: '/predict/batch',
        status,
      }) ?? 0;
    // Again where the answer was out before the caller was gone.
    for (let times = 1, before = await shown(), is499 = false; !is499; times++) {
      const gone = new AbortController();
      let isOver = false;
      fetch(`${api.url}/predict/batch`, { method: 'POST', headers, body, signal: gone.signal })
        .finally(() => (isOver = true))
        .catch(() => undefined);
      await counted((text) => isOver || sampleOf(text, 'skewless_pending_rows')! > 0);
      gone.abort();
      await counted((text) => count(text, '200') + count(text, '499') === count(before, '200') + times);
      is499 = count(await shown(), '499') === 1;
      expect(times).toBeLessThan(50);
    }
  });

  it('is what docs/metrics.md lists: names, types and labels', async () => {
    const shownNow = metricsOf(await shown());
    const documented = [
      ...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(\w+)` *\| (\w+) *\|([^|]*)\|/gm),
    ].map(([, name, type, labels]) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).sort(),
    }));
    const known = (name: string): boolean => process.platform === 'linux' || name.startsWith('skewless_');
    const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);
    // Node.js has not always a request or a collection of garbage to tell of, and the default model neither vocabulary, rollout
    // nor errors: then there is no series to see labels on.
    const idle = shownNow
      .filter(
        ({ name, series }) =>
          series === 0 &&
          /^nodejs_|^skewless_(unknown_values_total|rollout_weight|rollout_since_timestamp_seconds|shadow_rows_total|monitor_mae\w*)$/.test(
            name,
          ),
      )
      .map(({ name }) => name);
    const labelled = ({ name, type, labels }: (typeof documented)[number]) => ({
      name,
      type,
      labels: idle.includes(name) ? [] : labels,
    });
    const [seen, listed] = [shownNow, documented].map((metrics) =>
      metrics
        .filter(({ name }) => known(name))
        .map(labelled)
        .sort(byName),
    );
    expect(seen).toEqual(listed);
  });

  it('aggregates as docs/metrics.md says', () => {
    const documented = [
      ...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(\w+)` *\| \w+ *\|[^|]*\| (\w+) *\|/gm),
    ];
    const metrics = api.app.get(Metrics).registry.getMetricsAsArray();
    expect(Object.fromEntries(documented.map(([, name, how]) => [name, how]))).toEqual(
      Object.fromEntries(metrics.map(({ name, aggregator }) => [name, aggregator ?? 'sum'])),
    );
  });

  (hasPromtool ? it : it.skip)('follows the rules of Prometheus (skipped without promtool)', async () => {
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
      input: await shown(),
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });
});

describe('Metrics without a model', () => {
  const models = temporaryFolder();

  it('say that it is not ready', async () => {
    const api = await boot({ MODELS_DIR: models, DEFAULT_MODEL: 'missing' });
    const { text } = await api.ask('/metrics');
    expect(sampleOf(text, 'skewless_model_ready', { name: 'missing' })).toBe(0);
    expect(sampleOf(text, 'skewless_model_loads_total', { name: 'missing', outcome: 'failure' })).toBe(1);
    expect(text).not.toContain('skewless_model_info{');
    await api.close();
  });
});

describe('Metrics elsewhere', () => {
  /** Linux has a whole network of addresses of its own. */
  const METRICS_HOST = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
  afterEach(() => ServerProcess.killAll());

  it('has no route when nothing is counted, and says so', async () => {
    const api = await boot({ METRICS_ENABLED: 'false' });
    const detail = 'This server collects no metrics: metrics.enabled (METRICS_ENABLED) is false.';
    expect(await api.ask('/metrics')).toMatchObject({ status: 404, body: { detail } });
    expect((await api.post('/predict', EXAMPLE)).status).toBe(200);
    await api.close();
  });

  it.each([1, 2])('is on a port of its own with %i workers', async (workers) => {
    const port = await freePort();
    const server = await ServerProcess.ready(['--workers', String(workers)], {
      METRICS_PORT: String(port),
      METRICS_HOST,
    });
    const detail = `Metrics are at port ${port}, as metrics.port (METRICS_PORT) says.`;
    const here = await server.ask('/metrics');
    expect([here.status, JSON.parse(here.text)]).toEqual([404, expect.objectContaining({ detail })]);
    // Of all workers: it is 0 until the last one is ready.
    await server.until(async () => {
      const answer = await fetch(`http://${METRICS_HOST}:${port}/metrics`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        'text/plain; version=0.0.4; charset=utf-8',
      ]);
      return (await answer.text()).includes('skewless_model_ready{name="random_forest"} 1');
    });
    expect((await fetch(`http://${METRICS_HOST}:${port}/predict`)).status).toBe(404);
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });
});

describe('Metrics of several workers', () => {
  afterEach(() => ServerProcess.killAll());

  /** Waits until all workers say that they serve, as each does a moment after its line in the log. @returns their metrics */
  const areReady = (server: ServerProcess): Promise<string> =>
    server.until(async () => {
      const { text } = await server.ask('/metrics');
      return sampleOf(text, 'skewless_model_ready', { name: 'random_forest' }) === 1 && text;
    });

  it('are those of all, whichever answers, and do not fall when one dies', async () => {
    const server = await ServerProcess.ready(['--workers', '2']);
    await server.until(() => server.pids.length === 2);
    const rows = async (): Promise<number> =>
      sampleOf((await server.ask('/metrics')).text, 'skewless_inference_rows_total', { model: 'random_forest' })!;
    const body = JSON.stringify(EXAMPLE);
    for (let i = 0; i < 20; i++) await server.ask('/predict', { body });
    // A worker that is late is shown as it was.
    for (let i = 0; i < 4; i++) await server.until(async () => (await rows()) === 20);

    process.kill(server.pids[0], 'SIGKILL');
    await server.until(() => server.pids.length === 3);
    const text = await areReady(server);
    expect(sampleOf(text, 'skewless_inference_rows_total', { model: 'random_forest' })).toBe(20);
    expect(sampleOf(text, 'skewless_worker_restarts_total')).toBe(1);
    expect(sumOf(text, 'skewless_http_request_duration_seconds_count', { route: '/predict' })).toBe(20);
  });

  it('are still shown while a worker hangs', async () => {
    const server = await ServerProcess.ready(['--workers', '2']);
    await server.until(() => server.pids.length === 2);
    await areReady(server);
    process.kill(server.pids[0], 'SIGSTOP');
    const answers = [1, 2].map(() => server.ask('/metrics').catch(() => undefined));
    expect((await Promise.race(answers))?.text).toContain('skewless_model_ready{name="random_forest"} 1');
    process.kill(server.pids[0], 'SIGCONT');
    await Promise.all(answers);
  });
});
