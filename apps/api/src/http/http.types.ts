import type { Request, Response } from 'express';
import type { ProblemType } from '../problem/problem-types.js';

/** A request after {@link requestContext}. */
export interface ApiRequest extends Request {
  id: string;
  body: Buffer;
  /** Who asks, where that is proven; fit to be logged. */
  caller?: string;
  /** The problem that it was answered with. */
  problem?: ProblemType;
}

export interface ApiResponse extends Response {
  /** Names and values that every answer carries, one after the other. */
  contextHeaders: readonly string[];
}
