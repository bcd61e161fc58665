import { Agent } from 'node:http';
import { EXAMPLE } from '#testing';
import { isAlive, ServerProcess } from './server-process.js';

const BODY = JSON.stringify(EXAMPLE);

/**
 * Requests long paths, 20 at a time, until a log line is lost.
 * @returns the number of answered requests
 */
export async function fillLog(server: ServerProcess): Promise<number> {
  const path = `/${'x'.repeat(10_000)}`;
  let answered = 0;
  await server.until(async () => {
    answered += (await Promise.all(Array.from({ length: 20 }, () => server.ask(path)))).length;
    return (await server.droppedLines()) > 0;
  });
  return answered;
}

/** The number of lost lines that a log reports. */
export function lostLines(log: string): number | undefined {
  const said = /(\d+) lines of this log were dropped, because they could not be written/.exec(log);
  return said ? Number(said[1]) : undefined;
}

/**
 * Stops one of two workers (SIGSTOP), then ends the server.
 * @returns the workers that are still alive afterwards
 */
export async function endWithStoppedWorker(): Promise<{ readonly code: number | null; readonly left: number[] }> {
  const server = await ServerProcess.start(['--workers', '2'], { GRACE_SECONDS: '0.1' });
  await server.until(() => server.pids.length === 2);
  process.kill(server.pids[0], 'SIGSTOP');
  server.signal('SIGTERM');
  const { code } = await server.ended;
  return { code, left: server.pids.filter(isAlive) };
}

export interface AskedToTheEnd {
  readonly answered: number;
  /** How the last request of each client failed, or its answer if not a prediction. */
  readonly ends: (string | undefined)[];
}

/**
 * Ends a server while clients send requests without a pause: half of them on one connection for as long as the server
 * keeps it open, half on a new connection for each request.
 */
export async function askToTheEnd(clients: number, workers: number, drainSeconds: number): Promise<AskedToTheEnd> {
  const server = await ServerProcess.start(['--workers', String(workers)], { DRAIN_SECONDS: String(drainSeconds) });
  await server.until(() => server.pids.length === workers);
  await server.answers('/health/ready');
  let answered = 0;
  const client = async (agent: Agent | false): Promise<string> => {
    for (;;) {
      const { status, text } = await server.ask('/predict', { body: BODY, agent });
      if (status !== 200) return `${status} ${text}`;
      answered++;
    }
  };
  const agents = Array.from(
    { length: clients },
    (_, i) => i % 2 === 0 && new Agent({ keepAlive: true, maxSockets: 1 }),
  );
  const ends = agents.map((agent) => client(agent).catch((error: NodeJS.ErrnoException) => error.code));
  await server.until(() => answered > 10 * clients);
  server.signal('SIGTERM');
  const seen = { answered, ends: await Promise.all(ends) };
  await server.ended;
  for (const agent of agents) if (agent) agent.destroy();
  return { ...seen, answered };
}
