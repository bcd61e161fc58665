import type { ApiResponse } from './http.types.js';

/** Answers with JSON, without Express's content negotiation. */
export function sendJson(response: ApiResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  const length = Buffer.byteLength(text);
  response.writeHead(status, ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(length)]);
  response.end(text, length === text.length ? 'latin1' : 'utf8');
}
