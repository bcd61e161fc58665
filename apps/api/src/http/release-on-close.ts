import type { Response } from 'express';

/** Releases what a request holds when its answer has been sent or its caller has disconnected. */
export function releaseOnClose(response: Response, lease: { release(): void }): void {
  if (response.closed) lease.release();
  else response.once('close', () => lease.release());
}
