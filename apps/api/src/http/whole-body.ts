import type { ApiResponse } from './http.types.js';

/** A body of any type that is small enough to be sent at once: it costs a fraction of a stream. */
export class WholeBody {
  constructor(
    private readonly contentType: string,
    private readonly text: string,
  ) {}

  send(response: ApiResponse, status: number): void {
    const length = String(Buffer.byteLength(this.text));
    response.writeHead(status, ['Content-Type', this.contentType, 'Content-Length', length]);
    response.end(this.text);
  }
}
