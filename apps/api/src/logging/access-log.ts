import type { DestinationStream, Logger } from 'pino';
import { repeatedJson } from '../http/repeated-json.js';
import type { Answered, RequestObserver } from '../http/request-context.js';

const PID = String(process.pid);
/** Integers convert to text faster than fractions. */
const THOUSANDTHS = Array.from({ length: 1_000 }, (_, thousandths) => String(thousandths).padStart(3, '0'));

/**
 * One line per request, in pino's format and to its destination, but written by hand: on a single prediction pino's
 * serializer costs as much as reading the body.
 */
export class AccessLog implements RequestObserver {
  private readonly logsRequests: boolean;
  private readonly logsProbes: boolean;
  private readonly jsonOfPath = repeatedJson();
  private millisecond = 0;
  private time = '';

  constructor(
    private readonly destination: DestinationStream,
    logger: Logger,
  ) {
    this.logsRequests = logger.isLevelEnabled('info');
    this.logsProbes = logger.isLevelEnabled('debug');
  }

  ended({ requestId, traceId, caller, method, path, isProbe, status, milliseconds, aborted }: Answered): void {
    if (!(isProbe ? this.logsProbes : this.logsRequests)) return;
    const level = isProbe ? 'debug' : 'info';
    const trace = traceId === undefined ? '' : `,"trace_id":"${traceId}"`;
    const who = caller === undefined ? '' : `,"caller":"${caller}"`;
    const microseconds = Math.round(milliseconds * 1_000);
    const ms = `${Math.floor(microseconds / 1_000)}.${THOUSANDTHS[microseconds % 1_000]}`;
    this.destination.write(
      `{"level":"${level}","time":${this.now()},"pid":${PID},"request_id":"${requestId}"${trace}${who},"method":"${method}","path":${this.jsonOfPath(path)},"status":${status},"ms":${ms}${aborted ? ',"aborted":true' : ''},"msg":"request"}\n`,
    );
  }

  /** Milliseconds since 1970, as text; cached for lines of the same millisecond. */
  private now(): string {
    const now = Date.now();
    if (now !== this.millisecond) {
      this.millisecond = now;
      this.time = String(now);
    }
    return this.time;
  }
}
