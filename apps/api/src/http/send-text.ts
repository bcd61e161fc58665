import type { ApiResponse } from './http.types.js';

/** Answers with a text that is all there. */
export function sendText(response: ApiResponse, status: number, contentType: string, text: string): void {
  const length = Buffer.byteLength(text);
  response.writeHead(status, ['Content-Type', contentType, 'Content-Length', String(length)]);
  response.end(text, length === text.length ? 'latin1' : 'utf8');
}
