import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessAnswer, ServerProcess } from '../../helper/server-process.js';

/** What became of a load: how often each status was answered, and each connection error. */
export class Outcomes {
  readonly counts: Record<string, number> = {};

  add(outcome: string | number): void {
    this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    return Object.entries(this.counts)
      .map(([outcome, count]) => `${count} x ${outcome}`)
      .join(', ');
  }
}

export interface ClosedLoop {
  readonly outcomes: Outcomes;
  stop(): Promise<Outcomes>;
}

/** An answer, and how long it took. */
export type SeenAnswer = ProcessAnswer & { readonly milliseconds: number };

/**
 * Clients that each send the next request when the last one is answered, on connections that stay open.
 *
 * @param options.onRefusal is called at every 503; its client comes again after a tenth of a second, sooner than Retry-After asks
 */
export function closedLoop(
  server: ServerProcess,
  clients: number,
  path: string,
  body: string,
  { onRefusal }: { onRefusal?: (refusal: SeenAnswer) => void } = {},
): ClosedLoop {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const outcomes = new Outcomes();
  let isStopped = false;
  const client = async (): Promise<void> => {
    while (!isStopped) {
      const asked = performance.now();
      const answer = await server
        .ask(path, { body, agent })
        .catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
      outcomes.add(typeof answer === 'string' ? answer : answer.status);
      if (onRefusal && typeof answer !== 'string' && answer.status === 503) {
        onRefusal({ ...answer, milliseconds: performance.now() - asked });
        await sleep(100);
      }
    }
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  return {
    outcomes,
    stop: async () => {
      isStopped = true;
      await running;
      agent.destroy();
      return outcomes;
    },
  };
}
