import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from '../../helper/server-process.js';

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

/**
 * Clients that each send the next request when the last one is answered, on connections that stay open.
 *
 * @param options.pauseWhenRefused waits a tenth of a second after a 503, less than its Retry-After asks for
 */
export function closedLoop(
  server: ServerProcess,
  clients: number,
  path: string,
  body: string,
  { pauseWhenRefused = false } = {},
): ClosedLoop {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const outcomes = new Outcomes();
  let isStopped = false;
  const client = async (): Promise<void> => {
    while (!isStopped) {
      const outcome = await server.ask(path, { body, agent }).then(
        ({ status }) => status,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      );
      outcomes.add(outcome);
      if (outcome === 503 && pauseWhenRefused) await sleep(100);
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
