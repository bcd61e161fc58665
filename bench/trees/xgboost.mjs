import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { translate } from '../../dist/libs/importers/src/read-dump.js';
import { ensembleClassifier } from '../../dist/libs/onnx/src/index.js';
import { GraphKernel } from '../../dist/libs/trees/src/index.js';
import { environment } from '../environment.mjs';
import { spawnOwned } from '../owned-process.mjs';
import { median } from '../statistics.mjs';
import { xgboostTable } from './markdown.mjs';
import { put, sample } from './sample.mjs';

/**
 * XGBoost's own predict beside the kernel, of one model that XGBoost trains here: microseconds of CPU a row, on one thread,
 * in turn. Python is that of `npm run test:peers -- boosters`, which makes it. `--keep` writes xgboost.json and prints its table.
 */
const ROUNDS = 7;
const SIZES = [1, 64, 1_000, 100_000];
const WAYS = ['inplace', 'dmatrix'];
const CHUNK = 1_024;
const FEATURES = 14;
const ROWS = 102_400;

const requirements = readFileSync('test/peers/requirements/learners.txt');
const digest = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
const python = `.cache/peers/learners-${digest}/bin/python`;
if (!existsSync(python)) throw new Error(`${python} is not there: npm run test:peers -- boosters makes it`);

const folder = mkdtempSync(join(tmpdir(), 'skewless-xgboost-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const peer = spawnOwned(python, [join(import.meta.dirname, 'predict_xgboost.py'), folder], {
  env: { ...process.env, OMP_NUM_THREADS: '1' },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: peer.stdout });
const [, version] = (await once(lines, 'line'))[0].split(' ');

const rows = new Float32Array(readFileSync(join(folder, 'rows.bin')).buffer.slice(0));
const answers = new Float32Array(readFileSync(join(folder, 'answers.bin')).buffer.slice(0));
const columns = Float32Array.from(rows, (_, i) => rows[(i % ROWS) * FEATURES + Math.floor(i / ROWS)]);
const { ensemble } = translate(readFileSync(join(folder, 'model.json')), 'xgboost-json', 'best');
const kernel = GraphKernel.of(ensembleClassifier(ensemble, [0, 1], 'float32'), ['probabilities'], CHUNK);
if (typeof kernel === 'string') throw new Error(kernel);
const { data, rows: room } = kernel.input;
const byKernel = (at, size) => {
  for (let from = at; from < at + size; from += room) {
    const count = Math.min(room, at + size - from);
    for (let f = 0; f < FEATURES; f++) put(columns, f * ROWS + from, count, data, f * room);
    kernel.run(count);
  }
};

byKernel(0, CHUNK);
const { data: got } = kernel.output('probabilities');
const worst = Math.max(...Array.from({ length: CHUNK }, (_, i) => Math.abs(got[2 * i + 1] - answers[i])));
if (!(worst < 1e-6)) throw new Error(`The kernel answers otherwise than XGBoost, by ${worst}`);

async function byPeer(way, size) {
  peer.stdin.write(`${way} ${size}\n`);
  return Number((await once(lines, 'line'))[0]);
}

const cells = [];
for (const size of SIZES) {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const own = await sample(size, ROWS, byKernel);
    const figures = { kernel: own };
    for (const way of WAYS) figures[way] = await byPeer(way, size);
    if (round > 0) rounds.push(figures);
  }
  const of = (figure) => median(rounds.map(figure));
  cells.push({
    rows: size,
    kernel: of((round) => round.kernel),
    ...Object.fromEntries(WAYS.map((way) => [way, of((round) => round[way])])),
    times: of((round) => Math.min(...WAYS.map((way) => round[way])) / round.kernel),
  });
}
peer.stdin.end();
for (const { rows, inplace, dmatrix, kernel, times } of cells) {
  const figures = [inplace, dmatrix, kernel].map((figure) => figure.toFixed(2)).join(' / ');
  console.log(
    `  ${String(rows).padStart(7)} rows: inplace_predict / predict / kernel ${figures} us, ${times.toFixed(1)} times`,
  );
}
if (process.argv.includes('--keep')) {
  const { maintainersPackages } = await import('../../tools/maintain/install.mjs');
  const { format } = maintainersPackages().require('prettier');
  const text = JSON.stringify({ ...environment(), xgboost: version, rounds: ROUNDS, cells });
  const file = new URL('xgboost.json', import.meta.url);
  writeFileSync(file, await format(text, { parser: 'json', printWidth: 120 }));
  console.log(`\n${xgboostTable(file)}`);
}
process.exit();
