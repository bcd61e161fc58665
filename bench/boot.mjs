import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawnOwned } from './owned-process.mjs';
import { ascending, quantile } from './statistics.mjs';

// How long the built server takes from its start to readiness: `node bench/boot.mjs [boots]`.

const main = fileURLToPath(new URL('../dist/apps/api/src/main.js', import.meta.url));
const ready = () =>
  fetch('http://127.0.0.1:8765/health/ready').then(
    ({ ok }) => ok,
    () => false,
  );

const boots = [];
for (let i = 0; i < Number(process.argv[2] ?? 7); i++) {
  const started = performance.now();
  const server = spawnOwned(process.execPath, [main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PORT: '8765', HOST: '127.0.0.1', DRAIN_SECONDS: '0' },
  });
  while (!(await ready())) await sleep(5);
  boots.push(performance.now() - started);
  server.kill('SIGTERM');
  await once(server, 'exit');
}
const sorted = ascending(boots);
console.log(
  `boot to ready, ${boots.length} boots: median ${Math.round(quantile(sorted, 0.5))} ms, slowest ${Math.round(sorted.at(-1))} ms`,
);
