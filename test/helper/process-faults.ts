import { Agent } from 'node:http';
import { EXAMPLE } from '#testing';
import { isAlive, ServerProcess } from './server-process.js';

const BODY = JSON.stringify(EXAMPLE);

/** Asks for long paths, 20 at a time, until a line of its log is lost. @returns how many requests were answered */
export async function fillLog(server: ServerProcess): Promise<number> {
  const path = `/${'x'.repeat(10_000)}`;
  let answered = 0;
  await server.until(async () => {
    answered += (await Promise.all(Array.from({ length: 20 }, () => server.ask(path)))).length;
    return (await server.droppedLines()) > 0;
  });
  return answered;
}

/** How many lines a log says were lost. */
export function lostLines(log: string): number | undefined {
  const said = /(\d+) lines of this log were dropped, for they could not be written/.exec(log);
  return said ? Number(said[1]) : undefined;
}

/** One of two workers is stopped, then the server is told to end. @returns its workers that still live once it has */
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
  /** How the last request of each client failed, or what it was answered instead of a prediction. */
  readonly ends: (string | undefined)[];
}

/**
 * A server is told to end while clients ask without a pause: half of them each on one connection as long as the server
 * lets it, half with a new one for each request.
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
