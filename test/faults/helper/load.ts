import { Agent } from 'node:http';
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

/** Clients that each send the next request when the last one is answered, on connections that stay open. */
export function closedLoop(server: ServerProcess, clients: number, path: string, body: string): ClosedLoop {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const outcomes = new Outcomes();
  let isStopped = false;
  const client = async (): Promise<void> => {
    while (!isStopped) {
      await server.ask(path, { body, agent }).then(
        ({ status }) => outcomes.add(status),
        (error: NodeJS.ErrnoException) => outcomes.add(error.code ?? error.message),
      );
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
