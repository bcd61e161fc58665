import type { Response } from 'express';

/** Releases what a request holds when its answer is out, or its caller has gone. */
export function releaseOnClose(response: Response, lease: { release(): void }): void {
  if (response.closed) lease.release();
  else response.once('close', () => lease.release());
}
