import type { Socket } from 'node:net';

/** llhttp's number of the method POST. */
export const POST = 3;

export type HeadersComplete = (
  major: number,
  minor: number,
  /** Names and values as sent, alternating; absent if there are more than 32 pairs. */
  headers: readonly string[] | undefined,
  method: number,
  url: string | undefined,
  status: undefined,
  statusMessage: undefined,
  isUpgrade: boolean,
  keepsAlive: boolean,
) => unknown;

/** The functions that Node's parser calls. */
export interface ParserCallbacks {
  headersComplete: HeadersComplete;
  body: (part: Buffer) => unknown;
  messageComplete: () => unknown;
  /** After the bytes of a packet. */
  executed: (...args: unknown[]) => unknown;
}

/** Node's HTTP parser of a connection: undocumented, and the same from Node 20 to 24. */
export interface NodeParser {
  readonly constructor: Readonly<Record<string, unknown>>;
  /** Null after the connection has ended: Node keeps parsers for later connections. */
  readonly socket: Socket | null;
  /** The request being read, if Node has created an object for it. */
  readonly incoming: object | null;
}

/** The static fields of its class that hold the keys of its callbacks. */
const FIELDS: Readonly<Record<keyof ParserCallbacks, string>> = {
  headersComplete: 'kOnHeadersComplete',
  body: 'kOnBody',
  messageComplete: 'kOnMessageComplete',
  executed: 'kOnExecute',
};
const NAMES = Object.keys(FIELDS) as (keyof ParserCallbacks)[];

/** @returns undefined if Node has no such parser for the connection, for example in a later version */
export const parserOf = (socket: Socket): NodeParser | undefined =>
  (socket as Socket & { readonly parser?: NodeParser | null }).parser ?? undefined;

/** @returns undefined if the parser lacks one of them */
export function callbacksOf(parser: NodeParser): ParserCallbacks | undefined {
  const found = NAMES.map((name) => [name, Reflect.get(parser, parser.constructor[FIELDS[name]] as number)] as const);
  if (found.some(([, callback]) => typeof callback !== 'function')) return undefined;
  return Object.fromEntries(found) as unknown as ParserCallbacks;
}

export function setCallbacks(parser: NodeParser, callbacks: Partial<ParserCallbacks>): void {
  for (const [name, callback] of Object.entries(callbacks)) {
    Reflect.set(parser, parser.constructor[FIELDS[name as keyof ParserCallbacks]] as number, callback);
  }
}
