import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
const LONG = { CANARIES: '2000', RACES: '500', KILL_ROUNDS: '3', KILLS: '3' };
const MOST_SECONDS_OF_A_ROLLBACK = 3;

const chosen = process.argv.slice(2);
const checks = [];
let hasFailed = false;
for (const spec of SPECS.filter((path) => chosen.length === 0 || chosen.some((word) => path.includes(word)))) {
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
  for (const check of found) {
    console.log(JSON.stringify(check));
    checks.push({ spec, ...check });
    if (check.seconds > MOST_SECONDS_OF_A_ROLLBACK) {
      hasFailed = true;
      console.error(`A rollback took ${check.seconds} s, more than ${MOST_SECONDS_OF_A_ROLLBACK}.`);
    }
  }
  if (status === 0) continue;
  hasFailed = true;
  console.error(`${spec} failed:\n${stderr}`);
}
const done = new Set(checks.map(({ spec }) => spec));
const earlier = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')).checks : [];
const all = [...earlier.filter(({ spec }) => !done.has(spec)), ...checks];
all.sort((a, b) => SPECS.indexOf(a.spec) - SPECS.indexOf(b.spec));
writeFileSync(RESULTS, `${JSON.stringify({ node: process.version, checks: all }, null, 1)}\n`);
writeTable();
process.exitCode = hasFailed ? 1 : 0;
