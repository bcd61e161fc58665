import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { live } from './live.mjs';
import { writeTable } from './markdown.mjs';

// What renewal promises, in its long form: the specs that `npm test` runs in short print what they have counted, and this keeps it
// in results.json and in docs/renewal.md. `node bench/renewal/run.mjs` after a build takes about half an hour of one core; words choose some of the
// specs, whose checks then stand in the place of their earlier ones.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RESULTS = new URL('results.json', import.meta.url);
const SPECS = [
  'libs/statistics/src/sequential/sequential.spec.ts',
  'libs/renewal/src/guards/guards.spec.ts',
  'libs/renewal/src/rollout/rollouts.spec.ts',
  'libs/registry/src/rolling.spec.ts',
  'test/rollout/killed.spec.ts',
  'test/rollout/worker-killed.spec.ts',
  'test/rollout/shed.spec.ts',
  'test/process/rollback.spec.ts',
];
const LIVE = 'bench/renewal/live.mjs';
const LONG = { CANARIES: '2000', RACES: '500', KILL_ROUNDS: '3', KILLS: '3' };
const MOST_SECONDS_OF_A_ROLLBACK = 3;

const words = process.argv.slice(2);
const isChosen = (path) => words.length === 0 || words.some((word) => path.includes(word));
const checks = [];
let hasFailed = false;
/** Prints what a spec, or the measurement of a server, has found. */
function keep(spec, found) {
  for (const check of found) {
    console.log(JSON.stringify(check));
    checks.push({ spec, ...check });
    if (check.seconds > MOST_SECONDS_OF_A_ROLLBACK || check.failed > 0) {
      hasFailed = true;
      console.error(
        `${check.check}: ${check.seconds} s of at most ${MOST_SECONDS_OF_A_ROLLBACK}, ${check.failed} failed.`,
      );
    }
  }
}

for (const spec of SPECS.filter(isChosen)) {
  const jest = ['node_modules/jest/bin/jest.js', '--forceExit', '--maxWorkers=1', '--testTimeout=3600000', spec];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', ...jest],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, ...LONG },
      maxBuffer: 2 ** 28,
    },
  );
  const found = stdout.split('\n').flatMap((line) => (line.startsWith('{"check"') ? [JSON.parse(line)] : []));
  keep(spec, found);
  if (status === 0) continue;
  hasFailed = true;
  console.error(`${spec} failed:\n${stderr}`);
}
if (isChosen(LIVE)) keep(LIVE, await live());
const done = new Set(checks.map(({ spec }) => spec));
const earlier = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')).checks : [];
const all = [...earlier.filter(({ spec }) => !done.has(spec)), ...checks];
const places = [...SPECS, LIVE];
all.sort((a, b) => places.indexOf(a.spec) - places.indexOf(b.spec));
writeFileSync(RESULTS, `${JSON.stringify({ node: process.version, checks: all }, null, 1)}\n`);
writeTable();
process.exitCode = hasFailed ? 1 : 0;
