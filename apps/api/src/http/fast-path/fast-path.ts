import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { AnswerHead, keepAliveFields } from '../answer-head.js';
import { type FastAnswer, FastConnection } from './fast-connection.js';
import { Outbox } from './outbox.js';

/** Tells monitoring agents of requests. */
const REQUEST_START = channel('http.server.request.start');

/**
 * Answers plain requests straight from Node's parser, if their body comes in one packet with their head: the objects
 * that Node creates for a request cost more than a prediction. Node answers all others as if nothing had been read, and
 * all requests while an agent watches the server or it drains.
 *
 * @param paths answers by path; more may be added later
 * @param fixedHeaders header names and values of every answer
 * @returns sends the answers that wait for the end of this turn of the event loop
 */
export function answerFast(
  server: Server,
  paths: ReadonlyMap<string, FastAnswer>,
  fixedHeaders: readonly string[],
  isDraining: () => boolean,
): () => void {
  const outbox = new Outbox();
  const { keepAliveTimeout } = server;
  const options = {
    paths,
    head: new AnswerHead(fixedHeaders),
    lastFields: keepAliveFields(keepAliveTimeout, 0),
    outbox,
    keepAliveTimeout,
    isPaused: () => isDraining() || REQUEST_START.hasSubscribers || server.emit !== EventEmitter.prototype.emit,
  };
  server.on('connection', (socket: Socket) => FastConnection.begin(socket, options));
  return outbox.sendAll;
}
