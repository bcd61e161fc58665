import { STATUS_CODES } from 'node:http';
import { httpDate } from './http-date.js';

/** @param pairs header names and values, alternating */
const asFields = (pairs: readonly string[]): string => {
  let text = '';
  for (let i = 0; i < pairs.length; i += 2) text += `${pairs[i]}: ${pairs[i + 1]}\r\n`;
  return text;
};

/**
 * The last fields of a head: the connection stays open.
 *
 * @param timeoutMilliseconds how long it may be idle; 0: for ever
 * @param maxRequests how many requests it may carry; 0 or null: any number
 */
export function keepAliveFields(timeoutMilliseconds: number, maxRequests: number | null): string {
  const max = maxRequests !== null && maxRequests > 0 ? `, max=${maxRequests}` : '';
  const hint = timeoutMilliseconds ? `Keep-Alive: timeout=${Math.floor(timeoutMilliseconds / 1_000)}${max}\r\n` : '';
  return `Connection: keep-alive\r\n${hint}\r\n`;
}

/** Assembles the heads of answers that are sent whole from texts that are the same in all of them. */
export class AnswerHead {
  private readonly fixedFields: string;
  private status = 0;
  /** The status line and the fixed fields of an answer with this status. */
  private beginning = '';

  /** @param fixedHeaders header names and values of every answer */
  constructor(fixedHeaders: readonly string[]) {
    this.fixedFields = asFields(fixedHeaders);
  }

  /**
   * @param contextHeaders header names and values of this answer
   * @param length of its body in bytes
   * @param lastFields see {@link keepAliveFields}
   */
  of(
    status: number,
    contextHeaders: readonly string[],
    contentType: string,
    length: number,
    lastFields: string,
  ): string {
    if (status !== this.status) {
      this.status = status;
      this.beginning = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${this.fixedFields}`;
    }
    return `${this.beginning}${asFields(contextHeaders)}Content-Type: ${contentType}\r\nContent-Length: ${length}\r\nDate: ${httpDate()}\r\n${lastFields}`;
  }
}
