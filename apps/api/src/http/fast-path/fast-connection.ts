import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AnswerHead } from '../answer-head.js';
import {
  callbacksOf,
  type HeadersComplete,
  type NodeParser,
  type ParserCallbacks,
  parserOf,
  POST,
  setCallbacks,
} from './node-parser.js';
import type { Outbox } from './outbox.js';
import { type PlainHeaders, plainHeaders } from './plain-headers.js';

/** Receives the answer to a plain request. */
export interface FastResponse {
  /** Header names and values of the answer. */
  contextHeaders: readonly string[];
  /** To be called once for each request. */
  sendWhole(status: number, contentType: string, text: string): void;
}

/**
 * Answers a plain POST, synchronously. It must not throw.
 *
 * @returns is called once the answer has been sent; undefined, and no effect, for all that should be answered in the
 *   ordinary way, such as any error
 */
export type FastAnswer = (headers: PlainHeaders, body: Buffer, response: FastResponse) => (() => void) | undefined;

export interface FastOptions {
  /** Answers by path. */
  readonly paths: ReadonlyMap<string, FastAnswer>;
  readonly head: AnswerHead;
  /** The last fields of each head. */
  readonly lastFields: string;
  readonly outbox: Outbox;
  /** Milliseconds that a connection may be idle; 0: for ever. */
  readonly keepAliveTimeout: number;
  /** Whether Node should answer everything now. */
  readonly isPaused: () => boolean;
}

/** Node's field of the answer in progress. */
type HttpSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/** A plain request whose body is being read. */
interface Held {
  /** Its head as sent, and as read. */
  readonly raw: readonly string[];
  readonly headers: PlainHeaders;
  readonly url: string;
  readonly answer: FastAnswer;
  body?: Buffer;
}

/** Node's own callbacks, the same for all parsers. */
let ordinary: ParserCallbacks | undefined;

/** A connection whose plain requests are answered from the callbacks of Node's parser. */
export class FastConnection implements FastResponse {
  contextHeaders: readonly string[] = [];
  private held?: Held;
  /** Answers that wait for the end of this turn, and what is called then. */
  private text = '';
  private isLatin1 = true;
  private readonly sent: (() => void)[] = [];
  /** Whether the idle timeout was set here, of which Node does not know. */
  private hasTimeout = false;

  private constructor(
    private readonly socket: HttpSocket,
    private readonly parser: NodeParser,
    private readonly node: ParserCallbacks,
    private readonly options: FastOptions,
  ) {}

  /** Does nothing if Node's parser is not the known one. */
  static begin(socket: Socket, options: FastOptions): void {
    const parser = parserOf(socket);
    const current = parser && callbacksOf(parser);
    if (!parser || !current) return;
    // Of the first parser: Node uses parsers again, so that later ones may have been changed here.
    ordinary ??= current;
    const { headersComplete, body, messageComplete } = ordinary;
    const connection = new FastConnection(socket, parser, { ...ordinary, executed: current.executed }, options);
    setCallbacks(parser, connection.callbacks());
    // Node ends a connection whose caller has ended its side, unless an answer of its own is in progress.
    socket.prependOnceListener('end', () => connection.send());
    socket.once('close', () => {
      if (parser.socket === null) setCallbacks(parser, { headersComplete, body, messageComplete });
    });
  }

  private callbacks(): ParserCallbacks {
    const { parser, node } = this;
    return {
      headersComplete: (...head) => (this.take(head) ? 0 : node.headersComplete.apply(parser, head)),
      body: (part) => {
        const { held } = this;
        if (!held) node.body.call(parser, part);
        else held.body = held.body ? Buffer.concat([held.body, part]) : part;
      },
      messageComplete: () => {
        if (this.held && this.answer(this.held)) return;
        node.messageComplete.call(parser);
      },
      executed: (...result) => {
        // The rest of the body comes in a later packet.
        if (this.held) this.leave(this.held);
        node.executed.apply(parser, result);
      },
    };
  }

  /** @returns whether Node does not hear of the request for now */
  private take([major, minor, raw, method, url, , , isUpgrade, keepsAlive]: Parameters<HeadersComplete>): boolean {
    const { socket, parser, options } = this;
    const answer = method === POST && url !== undefined ? options.paths.get(url) : undefined;
    const isFree = parser.socket === socket && !parser.incoming && !socket._httpMessage && socket.writableLength === 0;
    const isPlain = major === 1 && minor === 1 && !isUpgrade && keepsAlive;
    const headers = answer && raw && isFree && isPlain && !options.isPaused() ? plainHeaders(raw) : undefined;
    if (headers) this.held = { raw: raw!, headers, url: url!, answer: answer!, body: undefined };
    else this.yield();
    return headers !== undefined;
  }

  private answer(held: Held): boolean {
    const sent = held.body && held.answer(held.headers, held.body, this);
    if (!sent) {
      this.leave(held);
      return false;
    }
    this.held = undefined;
    if (this.sent.push(sent) === 1) this.options.outbox.add(this);
    return true;
  }

  /** Lets Node begin with what was read of a request. */
  private leave({ raw, url, body }: Held): void {
    const { parser, node } = this;
    this.held = undefined;
    this.yield();
    node.headersComplete.call(parser, 1, 1, raw, POST, url, undefined, undefined, false, true);
    if (body) node.body.call(parser, body);
  }

  /** Before Node answers the next request. */
  private yield(): void {
    this.send();
    if (this.hasTimeout) this.socket.setTimeout(0);
    this.hasTimeout = false;
  }

  sendWhole(status: number, contentType: string, text: string): void {
    const { head, lastFields } = this.options;
    const length = Buffer.byteLength(text);
    if (length !== text.length) this.isLatin1 = false;
    this.text += head.of(status, this.contextHeaders, contentType, length, lastFields) + text;
  }

  /** Sends the answers that wait. */
  send(): void {
    const { socket, text, isLatin1 } = this;
    if (text === '') return;
    this.text = '';
    this.isLatin1 = true;
    socket.write(text, isLatin1 ? 'latin1' : 'utf8');
    for (const sent of this.sent.splice(0)) sent();
    const { keepAliveTimeout } = this.options;
    if (socket.timeout || keepAliveTimeout === 0) return;
    socket.setTimeout(keepAliveTimeout);
    this.hasTimeout = true;
  }
}
