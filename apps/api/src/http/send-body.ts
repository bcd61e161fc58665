import type { ApiResponse } from './http.types.js';
import { WholeBody } from './whole-body.js';

export const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

/** Answers with a serialized body, or with an object as JSON, without Express's content negotiation. */
export function sendBody(response: ApiResponse, status: number, body: object): void {
  if (body instanceof WholeBody) body.send(response, status);
  else response.sendWhole(status, JSON_CONTENT_TYPE, JSON.stringify(body));
}
