import type { Request, Response } from 'express';
import type { Arm } from '#registry';
import type { Problem } from '../problem/problem.js';
import type { ProblemType } from '../problem/problem-types.js';
import type { RouteFacts } from '../routes/route-table.js';

/** Says how many bytes of a body are held now. @returns what to answer where that is more than there is room for */
export type Hold = (bytes: number) => Problem | undefined;

/** Is handed a body part by part, then told its end, or that there is none. */
export interface BodyReader {
  append(part: Buffer): void;
  end(): void;
  fail(): void;
}

/** A request after {@link requestContext}. */
export interface ApiRequest extends Request {
  id: string;
  /** What is true of its method and path. */
  facts: RouteFacts;
  body: Buffer;
  /**
   * Reads the body as the parser does. The events of a stream cost a small body more than its JSON does; those of its end
   * come as ever.
   */
  takeBody(reader: BodyReader): void;
  /** Where its body is not known to be small. */
  hold?: Hold;
  /** Who asks, where that is proven; fit to be logged. */
  caller?: string;
  /** Which side of a rollout answers it, while one is under way. */
  arm?: Arm;
  /** The problem that it was answered with. */
  problem?: ProblemType;
}

export interface ApiResponse extends Response {
  /** Names and values that this answer carries besides those of every answer, one after the other. */
  contextHeaders: readonly string[];
  /**
   * Answers with a text that is all there. Where nothing else is to be said in the head, it is put together here and goes out with
   * the text in one write: Node checks each field again and writes twice.
   */
  sendWhole(status: number, contentType: string, text: string): void;
}
