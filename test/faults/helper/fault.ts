import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** A bounded run, for CI: the same faults, for a shorter time. */
export const IS_BOUNDED = process.env.FAULTS === 'bounded';

export interface FaultTerms {
  /** What the server does meanwhile. */
  readonly load: string;
  /** What must hold. */
  readonly expected: string;
  /** How long it may take; ten minutes when not given. */
  readonly minutes?: number;
}

/** Declares the faults of one area, each a test and a row of docs/reliability.md. */
export function faultsOf(area: string) {
  const write = (row: object): void => {
    appendFileSync(join(process.env.FAULTS_RECORD!, `${area}.jsonl`), `${JSON.stringify({ area, ...row })}\n`);
  };
  /** @param observe does it, asserts what must hold, and returns what was seen */
  return (fault: string, { load, expected, minutes = 10 }: FaultTerms, observe: () => Promise<string>): void => {
    it(
      fault,
      async () => {
        try {
          write({ fault, load, expected, observed: await observe() });
        } catch (error) {
          write({ fault, load, expected, observed: `**does not hold**: ${(error as Error).message.split('\n')[0]}` });
          throw error;
        }
      },
      minutes * 60_000,
    );
  };
}
