import { type DestinationStream, type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { AccessLog } from './access-log.js';

export interface LoggingOptions {
  readonly level: string;
  readonly format: 'auto' | 'json' | 'pretty';
}

const FLUSH_MILLISECONDS = 200;
const BUFFER_BYTES = 8_192;

const SECRETS = ['headers.authorization', 'headers.cookie', 'headers["proxy-authorization"]', 'headers["x-api-key"]'];

/** Lines gather in memory and are written in the background: logging never blocks a request. */
function asynchronousStdout(): DestinationStream {
  const destination = pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => destination.flush(), FLUSH_MILLISECONDS).unref();
  process.once('exit', () => destination.flushSync());
  return destination;
}

export interface Logging {
  readonly logger: Logger;
  readonly access: AccessLog;
}

/** JSON lines on stdout; coloured text on a terminal. */
export function createLogging({ level, format }: LoggingOptions): Logging {
  const isPretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY);
  const destination = isPretty ? PinoPretty({ ignore: 'pid', sync: true }) : asynchronousStdout();
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths: SECRETS, censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return { logger, access: new AccessLog(destination, logger) };
}
