import type { Request, Response } from 'express';

/** A request after {@link requestContext}. */
export interface ApiRequest extends Request {
  id: string;
  body: Buffer;
}

export interface ApiResponse extends Response {
  /** Names and values that every answer carries, one after the other. */
  contextHeaders: readonly string[];
}
