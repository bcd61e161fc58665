import { readFileSync } from 'node:fs';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { EXAMPLE } from './helper/golden.js';
import { grpcClient } from './helper/grpc-client.js';
import { ServerProcess } from './helper/server-process.js';

/** What the bundled server loads only when it is asked for it, or finds beside its sources. */
describe('The bundled server', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.ready([], {
      RATE_LIMIT_REQUESTS: '1000',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    });
  });
  afterAll(() => ServerProcess.killAll());

  const batch = async (type: string, body: string | Uint8Array): Promise<[number, string | null]> => {
    const url = `http://127.0.0.1:${server.port}/predict/batch`;
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: body as string });
    return [answer.status, answer.headers.get('content-type')];
  };

  it('describes itself as the sources do', async () => {
    const { text } = await server.ask('/openapi.json');
    expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync('openapi.json', 'utf8')));
  });

  it.each(['/docs/', '/redoc', '/redoc/redoc.standalone.js', '/docs/swagger-ui-bundle.js', '/metrics'])(
    'serves %s',
    async (path) => {
      expect((await server.ask(path)).status).toBe(200);
    },
  );

  it('predicts within a rate limit', async () => {
    const { status, headers } = await server.ask('/predict', { body: JSON.stringify(EXAMPLE) });
    expect([status, headers.ratelimit]).toEqual([200, expect.stringMatching(/^"default";r=99\d;t=\d+$/)]);
  });

  it('reads CSV and Arrow', async () => {
    const csv = `${Object.keys(EXAMPLE).join()}\n${Object.values(EXAMPLE).join()}`;
    const columns = Object.fromEntries(Object.entries(EXAMPLE).map(([name, value]) => [name, [value]]));
    expect(await batch('text/csv', csv)).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    const arrow = 'application/vnd.apache.arrow.stream';
    expect(await batch(arrow, tableToIPC(tableFromArrays(columns), 'stream'))).toEqual([200, arrow]);
  });

  it('answers gRPC', async () => {
    const line = await server.until(() => server.lines.find(({ msg }) => msg.startsWith('gRPC listens on port')));
    const client = grpcClient(Number(/\d+$/.exec(line.msg)![0]));
    const { status, message } = await client.call('ServerLive');
    expect([status, message]).toEqual(['OK', { live: true }]);
    client.close();
  });
});
