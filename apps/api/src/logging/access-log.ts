import type { DestinationStream, Logger } from 'pino';

/** What is told of a request once its answer is out. */
export interface Access {
  /** Free of quotes, backslashes and control characters. */
  readonly requestId: string;
  /** Lower-case hexadecimal, where the caller sent a trace. */
  readonly traceId?: string;
  readonly method: string;
  /** Without the query, which may hold what is nobody's business. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** The caller went away before the answer was out. */
  readonly aborted: boolean;
}

/**
 * One line per request, in pino's format and to its destination, but written by hand: on a single prediction pino's
 * serializer costs as much as reading the body.
 */
export class AccessLog {
  private readonly logsRequests: boolean;
  private readonly logsProbes: boolean;

  constructor(
    private readonly destination: DestinationStream,
    logger: Logger,
  ) {
    this.logsRequests = logger.isLevelEnabled('info');
    this.logsProbes = logger.isLevelEnabled('debug');
  }

  write({ requestId, traceId, method, path, status, milliseconds, aborted }: Access): void {
    const isProbe = path === '/health' || path.startsWith('/health/');
    if (!(isProbe ? this.logsProbes : this.logsRequests)) return;
    const level = isProbe ? 'debug' : 'info';
    const trace = traceId === undefined ? '' : `,"trace_id":"${traceId}"`;
    this.destination.write(
      `{"level":"${level}","time":${Date.now()},"pid":${process.pid},"request_id":"${requestId}"${trace},"method":"${method}","path":${JSON.stringify(path)},"status":${status},"ms":${Math.round(milliseconds * 1_000) / 1_000}${aborted ? ',"aborted":true' : ''},"msg":"request"}\n`,
    );
  }
}
