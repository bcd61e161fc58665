import type { ApiResponse } from './http.types.js';

/** A body of any type that is small enough to be sent at once, at a fraction of the cost of a stream. */
export class WholeBody {
  constructor(
    private readonly contentType: string,
    private readonly text: string,
  ) {}

  send(response: Pick<ApiResponse, 'sendWhole'>, status: number): void {
    response.sendWhole(status, this.contentType, this.text);
  }
}
