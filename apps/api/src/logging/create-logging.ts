import { type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { AccessLog } from './access-log.js';
import { LineBuffer, type LineSink } from './line-buffer.js';

export interface LoggingOptions {
  readonly level: string;
  readonly format: 'auto' | 'json' | 'pretty';
}

const SECRETS = ['headers.authorization', 'headers.cookie', 'headers["proxy-authorization"]', 'headers["x-api-key"]'];

export interface Logging {
  readonly logger: Logger;
  readonly access: AccessLog;
}

/** JSON lines on stdout; coloured text on a terminal. */
export function createLogging({ level, format }: LoggingOptions): Logging {
  const isPretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY);
  const destination = isPretty
    ? PinoPretty({ ignore: 'pid', sync: true })
    : new LineBuffer(pino.destination({ dest: 1, sync: false, contentMode: 'buffer' }) as unknown as LineSink);
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
