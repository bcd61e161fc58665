import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startContestant } from './contestants.mjs';
import { atMost, runAlone } from './goal.mjs';
import { closedLoop } from './load/closed-loop.mjs';
import { spawnOwned } from './owned-process.mjs';
import { serialiseRequests } from './requests.mjs';
import { residentMiB } from './resident.mjs';

// Resident memory at rest beside a bare process with the same session, and after many single predictions.

const REQUESTS = Number(process.env.REQUESTS ?? 2_200_000);
const SETTLE_MS = 1_500;

async function bareMiB() {
  const bare = spawnOwned(process.execPath, [fileURLToPath(new URL('bare.mjs', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(bare, 'message');
  await sleep(SETTLE_MS);
  const resident = residentMiB(bare.pid);
  bare.kill();
  return resident;
}

export async function memory() {
  const bare = await bareMiB();
  const server = await startContestant('skewless');
  await sleep(SETTLE_MS);
  const idle = residentMiB(server.pid);
  const requests = serialiseRequests({ path: '/predict', rows: 1 });
  const load = (seconds) => closedLoop({ port: server.port, requests, connections: 32, seconds, observe: () => 0 });
  const { latencies } = await load(3);
  const warm = residentMiB(server.pid);
  const seen = [];
  let sent = latencies.length;
  while (sent < REQUESTS) {
    sent += (await load(4)).latencies.length;
    if (sent > REQUESTS / 2) seen.push(residentMiB(server.pid));
  }
  await server.stop();
  return [
    atMost(
      'idle memory / a bare process with the same session',
      idle / bare,
      1.15,
      `${idle.toFixed(0)} and ${bare.toFixed(0)} MiB`,
    ),
    atMost(
      'growth of memory over two million requests, MiB',
      Math.min(...seen) - warm,
      20,
      // V8 collects old garbage once in some two million requests: only the least tells whether anything stays.
      `${warm.toFixed(0)} MiB warm, ${Math.min(...seen).toFixed(0)} to ${Math.max(...seen).toFixed(0)} in the second half of ${sent} requests`,
    ),
  ];
}

await runAlone(import.meta, memory);
