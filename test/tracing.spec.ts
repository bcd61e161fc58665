import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { boot } from './helper/boot.js';
import { EXAMPLE } from '#testing';
import { grpcClient } from './helper/grpc-client.js';
import { ServerProcess } from './helper/server-process.js';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: { key: string; value: Record<string, unknown> }[];
  readonly status: { code?: number };
}

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';
const SERVER = 2;

/** Receives OTLP over HTTP, as a collector does. */
class Collector {
  readonly bodies: any[] = [];
  private readonly server: Server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      if (request.url === '/v1/traces') this.bodies.push(JSON.parse(text));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await once(collector.server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get spans(): SentSpan[] {
    return this.bodies.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }: any) => scopeSpans.flatMap(({ spans }: any) => spans)),
    );
  }

  close(): void {
    this.server.close().closeAllConnections();
  }
}

const attributesOf = ({ attributes }: SentSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('Traces', () => {
  let collector: Collector;
  beforeEach(async () => (collector = await Collector.start()));
  afterEach(() => collector.close());

  /** Asks a traced server, stops it, and gives the spans that it sent. */
  async function traced(
    ask: (api: Awaited<ReturnType<typeof boot>>) => Promise<unknown>,
    environment: Record<string, string> = {},
  ): Promise<SentSpan[]> {
    const api = await boot({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...environment });
    await ask(api);
    await api.close();
    return collector.spans;
  }

  const childrenOf = (spans: readonly SentSpan[], { spanId }: SentSpan): SentSpan[] =>
    spans
      .filter(({ parentSpanId }) => parentSpanId === spanId)
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));

  it('hold a span for a request, in the trace of its caller, and in it one for each stage', async () => {
    const spans = await traced(async (api) => {
      const { headers } = await api.post('/predict?token=secret', EXAMPLE, {
        traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`,
        authorization: 'Bearer secret',
      });
      expect(headers.get('traceparent')).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
    });
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE_ID]));
    const [request] = spans.filter(({ parentSpanId }) => parentSpanId === PARENT_ID);
    expect([request.name, request.kind, request.status]).toEqual(['POST /predict', SERVER, { code: 0 }]);
    expect(attributesOf(request)).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'http.route': '/predict',
      'skewless.model.name': 'random_forest',
      'skewless.model.version': '1',
      'url.path': '/predict',
      'url.scheme': 'http',
    });
    const stages = childrenOf(spans, request);
    expect(stages.map(({ name }) => name)).toEqual(['validate', 'features', 'inference']);
    expect(attributesOf(stages[2])).toEqual({
      'skewless.model.name': 'random_forest',
      'skewless.model.version': '1',
      'skewless.rows': 1,
    });
    for (const { startTimeUnixNano, endTimeUnixNano } of stages) {
      expect(BigInt(startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(request.startTimeUnixNano));
      expect(BigInt(endTimeUnixNano)).toBeLessThanOrEqual(BigInt(request.endTimeUnixNano));
    }
    expect(JSON.stringify(collector.bodies)).not.toContain('secret');
    expect(JSON.stringify(collector.bodies[0].resourceSpans[0].resource)).toContain('"skewless"');
  });

  it('show a shared run in the trace of each request', async () => {
    const spans = await traced((api) => Promise.all(Array.from({ length: 20 }, () => api.post('/predict', EXAMPLE))));
    const requests = spans.filter(({ kind }) => kind === SERVER);
    expect(requests).toHaveLength(20);
    expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(20);
    for (const request of requests) {
      expect(childrenOf(spans, request).map(({ name }) => name)).toEqual(['validate', 'features', 'inference']);
    }
  });

  it('show every chunk of a batch', async () => {
    const spans = await traced((api) => api.post('/predict/batch', { instances: Array(2_500).fill(EXAMPLE) }));
    const [request] = spans.filter(({ kind }) => kind === SERVER);
    const stages = childrenOf(spans, request);
    const rows = stages.filter(({ name }) => name === 'inference').map((span) => attributesOf(span)['skewless.rows']);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.reduce((sum: number, count) => sum + Number(count), 0)).toBe(2_500);
    expect(stages.filter(({ name }) => name === 'validate')).toHaveLength(1);
  });

  it('hold a span for a gRPC call too, with its stages', async () => {
    const spans = await traced(
      async (api) => {
        const client = grpcClient(api.grpcPort!);
        const inputs = Object.entries(EXAMPLE).map(([name, value]) => ({
          name,
          shape: [1],
          ...(name === 'feature_5'
            ? { datatype: 'INT64', contents: { int64_contents: [value] } }
            : { datatype: 'FP64', contents: { fp64_contents: [value] } }),
        }));
        const metadata = { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`, authorization: 'Bearer secret' };
        await client.call('ModelInfer', { model_name: 'random_forest', inputs }, metadata);
        await client.call('ModelReady', { name: 'none' });
        client.close();
      },
      { GRPC_ENABLED: 'true', GRPC_PORT: '0' },
    );
    const calls = spans.filter(({ kind }) => kind === SERVER);
    const service = 'inference.GRPCInferenceService';
    expect(calls.map(({ name, traceId, status }) => [name, traceId === TRACE_ID, status])).toEqual([
      [`${service}/ModelInfer`, true, { code: 0 }],
      [`${service}/ModelReady`, false, { code: 0 }],
    ]);
    expect(calls.map(attributesOf)).toEqual([
      {
        'rpc.system': 'grpc',
        'rpc.service': service,
        'rpc.method': 'ModelInfer',
        'rpc.grpc.status_code': 0,
        'skewless.model.name': 'random_forest',
        'skewless.model.version': '1',
      },
      { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': 'ModelReady', 'rpc.grpc.status_code': 5 },
    ]);
    expect(childrenOf(spans, calls[0]).map(({ name }) => name)).toEqual(['features', 'inference']);
    expect(JSON.stringify(collector.bodies)).not.toContain('secret');
  });

  it('name problems, and call errors only those of the server', async () => {
    const spans = await traced(
      async (api) => {
        await api.post('/predict', {});
        await api.ask('/nothing');
      },
      { OTEL_SERVICE_NAME: 'shop-model' },
    );
    const reported = spans
      .filter(({ kind }) => kind === SERVER)
      .map((span) => [span.name, attributesOf(span)['error.type'], span.status.code]);
    expect(reported).toEqual([
      ['POST /predict', 'invalid-input', 0],
      ['GET', 'not-found', 0],
    ]);
    expect(JSON.stringify(collector.bodies[0].resourceSpans[0].resource)).toContain('"shop-model"');
  });

  it('are sampled as the caller decided, or by the share', async () => {
    const spans = await traced(
      async (api) => {
        await api.post('/predict', EXAMPLE);
        await api.post('/predict', EXAMPLE, { traceparent: `00-${TRACE_ID}-${PARENT_ID}-00` });
        await api.post('/predict', EXAMPLE, { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01` });
      },
      { OTEL_TRACES_SAMPLER_ARG: '0' },
    );
    expect(spans.filter(({ kind }) => kind === SERVER)).toHaveLength(1);
  });

  it('are sent before the process ends, and its log names them', async () => {
    const server = await ServerProcess.ready([], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await server.ask('/predict', { body: JSON.stringify(EXAMPLE) });
    const line = await server.until(() => server.lines.find(({ path }) => path === '/predict'));
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    const [request] = collector.spans.filter(({ name }) => name === 'POST /predict');
    expect(line.trace_id).toBe(request.traceId);
  });

  it('do no harm while nobody receives them', async () => {
    collector.close();
    const server = await ServerProcess.ready([], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    expect((await server.ask('/predict', { body: JSON.stringify(EXAMPLE) })).status).toBe(200);
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });
});
