import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from '../problem/problem.js';
import { HEADERS_TOO_LARGE, TOO_SLOW } from '../problem/request-details.js';

/** How long a refused client has to read the reason. */
const LINGER_MILLISECONDS = 2_000;

/** Node's error for bytes that are not a request; `reason` comes from its parser. */
export type ClientError = NodeJS.ErrnoException & { readonly reason?: string };

export function clientProblem({ code, reason }: ClientError): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem('headers-too-large', HEADERS_TOO_LARGE);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('request-timeout', TOO_SLOW);
  if (code === 'HPE_INVALID_EOF_STATE') {
    return new Problem('bad-request', 'The request ended early: its body is shorter than its headers announce.');
  }
  return new Problem('bad-request', `The bytes received are not an HTTP/1.1 request: ${reason ?? code}.`);
}

/** Answers bytes that Node cannot parse as a request, if the connection still allows it. */
export function answerClientError(error: ClientError, socket: Duplex): void {
  if (error.code === 'ECONNRESET') socket.destroy();
  else refuse(socket, clientProblem(error));
}

/** A CONNECT request: Node provides no response object for it. */
export function answerConnect(_request: unknown, socket: Duplex): void {
  refuse(socket, new Problem('bad-request', 'This server is not a proxy: it does not support CONNECT.'));
}

function refuse(socket: Duplex, problem: Problem): void {
  if (!socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problem.toDocument());
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  // A client that keeps sending would hold the connection and its admission.
  setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
}

/**
 * Whether the answer to an earlier request is being sent, which must not be interleaved; Node checks the same field.
 */
function isAnswering(socket: Duplex & { readonly _httpMessage?: { readonly headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}
