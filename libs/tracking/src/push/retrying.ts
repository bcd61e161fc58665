import { setTimeout as sleep } from 'node:timers/promises';
import type { MlflowClient } from '../mlflow/mlflow-client.js';
import { MlflowError } from '../mlflow/mlflow.error.js';

/** A server that asks for more is not waited for: what is left goes with a later push. */
const LONGEST_PAUSE = 10_000;

/** Exponential with jitter, so that many runs do not come back at once; never before the server asks for it. */
export function pauseBefore(retry: number, backoff: number, error: MlflowError, random: () => number): number {
  const spread = 0.5 + random() / 2;
  return Math.max(Math.min(backoff * 2 ** retry, LONGEST_PAUSE) * spread, error.retryAfterMilliseconds);
}

/**
 * Tries again what met 429, 5xx or no answer, a bounded number of times; nothing else is tried twice.
 *
 * @param attempt learns whether an earlier try of this call may have been carried out
 */
export async function retrying<T>(
  { server, signal }: MlflowClient,
  attempt: (isInDoubt: boolean) => Promise<T>,
): Promise<T> {
  let isInDoubt = false;
  for (let retry = 0; ; retry++) {
    try {
      return await attempt(isInDoubt);
    } catch (error) {
      if (!(error instanceof MlflowError) || !error.isTransient || retry === server.retries || signal.aborted)
        throw error;
      isInDoubt ||= error.isAmbiguous;
      const pause = pauseBefore(retry, server.backoffMilliseconds, error, Math.random);
      if (pause > LONGEST_PAUSE) throw error;
      await sleep(pause, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
