import { UserError } from '#kit';
import type { PatientServer } from '../tracking.options.js';
import { MlflowError } from './mlflow.error.js';

type Query = Readonly<Record<string, string>>;

/** Like the global `fetch`. A `UserError` that it throws is passed on. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>;

/** The path of the server's artifact proxy, below its URI. */
export const ARTIFACTS_PATH = '/api/2.0/mlflow-artifacts/artifacts';

/** An upload's timeout grows by the time it takes at 1 MB/s. */
const BYTES_PER_MILLISECOND = 1_000;

function retryAfter(headers: Headers): number {
  const value = headers.get('retry-after');
  if (value === null) return 0;
  const seconds = Number(value);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1_000;
  return milliseconds > 0 ? milliseconds : 0;
}

/** MLflow's errors are `{"error_code": "...", "message": "..."}`; a proxy in front of it may answer anything. */
function errorBody(text: string): { code?: string; message: string } {
  let body: { error_code?: unknown; message?: unknown };
  try {
    body = Object(JSON.parse(text)) as typeof body;
  } catch {
    body = {};
  }
  return {
    code: typeof body.error_code === 'string' ? body.error_code : undefined,
    message: typeof body.message === 'string' ? body.message : text.slice(0, 200),
  };
}

function errorOf(method: string, path: string, { status, headers }: Response, text: string): MlflowError {
  const { code: errorCode, message } = errorBody(text);
  const words = [path, 'answered', status, errorCode].filter(Boolean).join(' ');
  return new MlflowError(`${words}: ${message}`, status, {
    errorCode,
    retryAfterMilliseconds: retryAfter(headers),
    isLookUp: method === 'GET',
  });
}

/** `fetch` only says "fetch failed"; the cause has the reason. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error & { code?: string } };
  return cause ? cause.message || (cause.code ?? message) : message;
}

/**
 * A client of one MLflow server's REST API: one request per call, without retries.
 *
 * Source: https://mlflow.org/docs/latest/api_reference/rest-api.html
 */
export class MlflowClient {
  constructor(
    readonly server: PatientServer,
    /** Aborts running requests. */
    readonly signal: AbortSignal = new AbortController().signal,
    private readonly fetch: Fetch = (url, request) => globalThis.fetch(url, request),
  ) {}

  /** @throws MlflowError unless the response is 200 with a JSON object */
  get(endpoint: string, query: Query): Promise<unknown> {
    return this.send('GET', `/api/2.0/mlflow/${endpoint}`, { query });
  }

  /** @throws MlflowError unless the response is 200 with a JSON object */
  post(endpoint: string, body: object): Promise<unknown> {
    return this.send('POST', `/api/2.0/mlflow/${endpoint}`, {
      body: JSON.stringify(body),
      type: 'application/json',
    });
  }

  /** Stores an artifact through the server's proxy. */
  putArtifact(path: string, body: Buffer<ArrayBuffer>): Promise<unknown> {
    const escaped = path.split('/').map(encodeURIComponent).join('/');
    return this.send('PUT', `${ARTIFACTS_PATH}/${escaped}`, {
      body,
      type: 'application/octet-stream',
    });
  }

  private async send(
    method: string,
    path: string,
    { query, body, type }: { query?: Query; body?: string | Buffer<ArrayBuffer>; type?: string },
  ): Promise<unknown> {
    const { uri, headers, timeoutMilliseconds } = this.server;
    const timeout = timeoutMilliseconds + Math.ceil((body?.length ?? 0) / BYTES_PER_MILLISECOND);
    let response: Response;
    let text: string;
    try {
      response = await this.fetch(`${uri}${path}${query ? `?${new URLSearchParams(query).toString()}` : ''}`, {
        method,
        body,
        headers: { ...headers, ...(type && { 'content-type': type }) },
        redirect: 'manual',
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(timeout)]),
      });
      text = await response.text();
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new MlflowError(`${uri} gave no answer to ${path}: ${reasonOf(error)}`);
    }
    if (response.status !== 200) throw errorOf(method, path, response, text);
    try {
      return JSON.parse(text);
    } catch {
      throw new MlflowError(`${uri} is no MLflow server: ${path} answered no JSON`, 404);
    }
  }
}
