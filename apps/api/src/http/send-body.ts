import type { ApiResponse } from './http.types.js';
import { sendText } from './send-text.js';

export const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

/** Answers with JSON, without Express's content negotiation. */
export function sendJson(response: ApiResponse, status: number, value: object): void {
  sendText(response, status, JSON_CONTENT_TYPE, JSON.stringify(value));
}
