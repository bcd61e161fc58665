import { startContestant } from './contestants.mjs';
import { atMost, runAlone } from './goal.mjs';
import { median } from './statistics.mjs';

// How long the built server takes from its start to readiness.

const BOOTS = 7;

export async function boot() {
  const boots = [];
  for (let i = 0; i < BOOTS; i++) {
    const server = await startContestant('skewless');
    boots.push(server.bootMs / 1_000);
    await server.stop();
  }
  return [atMost('boot to ready, s', median(boots), 1.2, `${BOOTS} boots, slowest ${Math.max(...boots).toFixed(2)} s`)];
}

await runAlone(import.meta, boot);
