import { setTimeout as sleep } from 'node:timers/promises';
import type { MlflowClient } from '../mlflow/mlflow-client.js';
import { MlflowError } from '../mlflow/mlflow.error.js';

/** If a server asks for a longer pause, the rest is left to a later push. */
const LONGEST_PAUSE = 10_000;

/** Exponential backoff with jitter, so that many runs do not retry at once; at least what the server asks for. */
export function pauseBefore(retry: number, backoff: number, error: MlflowError, random: () => number): number {
  const spread = 0.5 + random() / 2;
  return Math.max(Math.min(backoff * 2 ** retry, LONGEST_PAUSE) * spread, error.retryAfterMilliseconds);
}

/**
 * Retries on 429, 5xx and missing responses, a bounded number of times.
 *
 * @param attempt receives whether an earlier attempt of this call may have been carried out
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
