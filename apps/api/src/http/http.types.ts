import type { Request, Response } from 'express';
import type { Arm } from '#registry';
import type { Problem } from '../problem/problem.js';
import type { ProblemType } from '../problem/problem-types.js';
import type { RouteFacts } from '../routes/route-table.js';

/**
 * Reports how many bytes of a body are held now.
 * @returns the problem to answer if they exceed the limit
 */
export type Hold = (bytes: number) => Problem | undefined;

/** Receives a body part by part, and then its end or an error. */
export interface BodyReader {
  append(part: Buffer): void;
  end(): void;
  fail(): void;
}

/** A request after {@link requestContext}. */
export interface ApiRequest extends Request {
  id: string;
  /** Properties of its method and path. */
  facts: RouteFacts;
  body: Buffer;
  /**
   * Reads the body straight from the HTTP parser: for a small body, stream events cost more than parsing its JSON. The
   * stream's end events are emitted as usual.
   */
  takeBody(reader: BodyReader): void;
  /** Present if its body is not known to be small. */
  hold?: Hold;
  /** The authenticated caller; safe to log. */
  caller?: string;
  /** Which side of a rollout answers it, while one is in progress. */
  arm?: Arm;
  /** The problem that it was answered with. */
  problem?: ProblemType;
}

export interface ApiResponse extends Response {
  /** Additional header names and values of this answer, alternating. */
  contextHeaders: readonly string[];
  /**
   * Answers with a complete text. If the head needs no other fields, it is built here and written together with the
   * text: Node would check each field again and write twice.
   */
  sendWhole(status: number, contentType: string, text: string): void;
}
