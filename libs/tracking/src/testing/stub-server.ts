import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StubMlflow } from './stub-mlflow.js';
import { type StubBatch, StubError } from './stub-store.js';

/** A fault injected into a request. "After" means after the server has carried it out. */
export type StubFault =
  'none' | 'drop' | 'drop-after' | 'error' | 'error-after' | 'error-half' | 'throttle' | 'hang' | 'hang-after';

const HAPPENS_BEFORE: readonly StubFault[] = ['drop', 'error', 'throttle', 'hang'];

/** A fake MLflow server on loopback with fault injection. */
export class StubServer {
  readonly mlflow = new StubMlflow();
  /** The requests in order, such as `POST runs/log-batch`. */
  readonly requests: string[] = [];
  /** Chooses the fault of each request. */
  fault: (request: string) => StubFault = () => 'none';
  /** Called when a request has been carried out, before the response. */
  onDone: (request: string) => void = () => undefined;
  /** The headers of the last request. */
  headers: IncomingMessage['headers'] = {};

  private constructor(private readonly http: Server) {}

  static async start(): Promise<StubServer> {
    const http = createServer();
    const stub = new StubServer(http);
    http.on('request', (request, response) => void stub.handle(request, response));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return stub;
  }

  get uri(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url!, this.uri);
    const name = `${request.method} ${decodeURIComponent(pathname).replace(/^\/api\/2\.0\/(mlflow\/)?/, '')}`;
    this.requests.push(name);
    this.headers = request.headers;
    const fault = this.fault(name);
    let answer: [number, object] = [500, { error_code: 'INTERNAL_ERROR', message: 'told to fail' }];
    if (!HAPPENS_BEFORE.includes(fault)) {
      const done = this.process(name, searchParams, Buffer.concat(chunks), fault === 'error-half');
      this.onDone(name);
      if (fault === 'none') answer = done;
    }
    if (fault === 'drop' || fault === 'drop-after') request.socket.destroy();
    else if (fault === 'throttle') response.writeHead(429, { 'retry-after': '0' }).end('slow down');
    else if (fault !== 'hang' && fault !== 'hang-after') {
      response.writeHead(answer[0], { 'content-type': 'application/json' }).end(JSON.stringify(answer[1]));
    }
  }

  private process(name: string, query: URLSearchParams, body: Buffer, isHalf: boolean): [number, object] {
    const [method, path] = name.split(/ (.*)/s);
    if (path.startsWith('mlflow-artifacts/artifacts/')) {
      this.mlflow.artifacts.set(path.slice('mlflow-artifacts/artifacts/'.length), body);
      return [200, {}];
    }
    const parsed = (method === 'POST' ? JSON.parse(body.toString()) : {}) as Record<string, unknown>;
    if (isHalf && name === 'POST runs/log-batch') {
      const { metrics } = parsed as unknown as StubBatch;
      parsed.metrics = metrics.slice(0, Math.floor(metrics.length / 2));
    }
    try {
      return [200, this.mlflow.answer(name, query, parsed, body.length)];
    } catch (error) {
      if (!(error instanceof StubError)) throw error;
      return [error.status, { error_code: error.errorCode, message: error.message }];
    }
  }
}
