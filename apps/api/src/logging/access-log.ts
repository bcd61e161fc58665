import type { DestinationStream, Logger } from 'pino';
import { repeatedJson } from '../http/repeated-json.js';
import type { Answered } from '../http/request-context.js';

/**
 * One line per request, in pino's format and to its destination, but written by hand: on a single prediction pino's
 * serializer costs as much as reading the body.
 */
export class AccessLog {
  private readonly logsRequests: boolean;
  private readonly logsProbes: boolean;
  private readonly jsonOfPath = repeatedJson();

  constructor(
    private readonly destination: DestinationStream,
    logger: Logger,
  ) {
    this.logsRequests = logger.isLevelEnabled('info');
    this.logsProbes = logger.isLevelEnabled('debug');
  }

  readonly write = ({
    requestId,
    traceId,
    caller,
    method,
    path,
    isProbe,
    status,
    milliseconds,
    aborted,
  }: Answered): void => {
    if (!(isProbe ? this.logsProbes : this.logsRequests)) return;
    const level = isProbe ? 'debug' : 'info';
    const trace = traceId === undefined ? '' : `,"trace_id":"${traceId}"`;
    const who = caller === undefined ? '' : `,"caller":"${caller}"`;
    this.destination.write(
      `{"level":"${level}","time":${Date.now()},"pid":${process.pid},"request_id":"${requestId}"${trace}${who},"method":"${method}","path":${this.jsonOfPath(path)},"status":${status},"ms":${Math.round(milliseconds * 1_000) / 1_000}${aborted ? ',"aborted":true' : ''},"msg":"request"}\n`,
    );
  };
}
