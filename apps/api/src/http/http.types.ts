import type { Request, Response } from 'express';

/** A request after {@link requestContext}. */
export interface ApiRequest extends Request {
  id: string;
  body: Buffer;
}

export type ApiResponse = Response;
