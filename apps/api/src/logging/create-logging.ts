import { type Logger, pino } from 'pino';
import { isColorSupported, prettyFactory } from 'pino-pretty';
import { AccessLog } from './access-log.js';
import { LineBuffer } from './line-buffer.js';
import { LogSink } from './log-sink.js';
import { PRETTY } from './pretty.js';

export interface LoggingOptions {
  readonly level: string;
  readonly format: 'auto' | 'json' | 'pretty';
}

const SECRETS = ['headers.authorization', 'headers.cookie', 'headers["proxy-authorization"]', 'headers["x-api-key"]'];

export interface Logging {
  readonly logger: Logger;
  readonly access: AccessLog;
  /** Number of lines that could not be written so far. */
  readonly droppedLines: () => number;
}

const STDOUT = 1;

/** JSON lines on stdout; coloured text on a terminal. Lines that stdout does not accept are dropped without waiting. */
export function createLogging({ level, format }: LoggingOptions): Logging {
  const isPretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY);
  const sink = new LogSink(STDOUT, (lines, reason) =>
    logger.warn(`${lines} lines of this log were dropped, because they could not be written (${reason})`),
  );
  const lines = new LineBuffer(sink);
  const pretty = isPretty && prettyFactory({ ...PRETTY, colorize: isColorSupported });
  const destination = pretty ? { write: (line: string) => lines.write(pretty(line)) } : lines;
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths: SECRETS, censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return { logger, access: new AccessLog(destination, logger), droppedLines: () => sink.droppedLines };
}
