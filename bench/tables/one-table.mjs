import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import { startContestant } from '../contestants.mjs';
import { closedLoop } from '../load/closed-loop.mjs';
import { median } from '../statistics.mjs';
import { CACHE } from './python.mjs';

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SINGLE_ROWS = 100;
/** An interval of 100,000 rows is narrow enough. */
const MOST_TEST_ROWS = 100_000;
const WARM_UP_SECONDS = 1;
const SECONDS = 2;

/** Runs a command of Skewless with a home of its own; its last line of JSON. */
function skewless(home, ...args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args, '--json'], {
    env: { ...process.env, SKEWLESS_HOME: home },
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`skewless ${args.join(' ')} ended with ${status}: ${stdout} ${stderr}`);
  const seconds = (performance.now() - started) / 1_000;
  return { seconds, answer: JSON.parse(stdout.toString().trim().split('\n').at(-1)) };
}

async function post(port, path, body, type, accept = type) {
  const headers = { 'content-type': type, accept };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text.slice(0, 2_000)}`);
  return text;
}

/** Milliseconds of a single prediction, one after the other. */
async function p50(port, path, rows) {
  const requests = rows.map((row) => {
    const body = JSON.stringify(row);
    const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
    return `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  });
  const load = (seconds) => closedLoop({ port, requests, connections: 1, seconds, observe: () => undefined });
  await load(WARM_UP_SECONDS);
  return median((await load(SECONDS)).latencies);
}

/** Single answers over HTTP beside those of `predict`: all must be the same to the last digit. */
async function compareSingles(port, name, rows, scored) {
  for (const [i, row] of rows.entries()) {
    const { prediction, probability } = JSON.parse(
      await post(port, `/models/${name}/predict`, JSON.stringify(row), 'application/json'),
    );
    const { prediction: own, probability: ownProbability } = scored[i];
    const same = String(prediction) === own && (probability === undefined || String(probability) === ownProbability);
    if (!same) throw new Error(`row ${i}: served ${prediction} ${probability}, predict says ${own} ${ownProbability}`);
  }
}

/**
 * A table from its file to what its model is worth, beside scikit-learn on the same rows.
 *
 * @param python does what is done in Python
 * @param peerServer the port of a server with the pickled pipelines; without it nothing is compared
 */
export async function measureTable({ name, from, object, target, task, peers }, python, peerServer) {
  const form = object.endsWith('.parquet') ? 'parquet' : 'csv';
  const folder = join(CACHE, 'tables', name);
  mkdirSync(folder, { recursive: true });
  const table = join(folder, `${name}.${form}`);
  if (!existsSync(table)) await python.call('fetch', { folder: CACHE, package: from, name: object, file: table });

  const home = join(folder, 'home');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  const asked = ['--target', target, '--name', name, ...(task ? ['--task', task] : [])];
  const { seconds: initSeconds, answer: found } = skewless(home, 'init', table, ...asked);
  const { seconds: runSeconds } = skewless(home, 'run', name);
  const isProven = championOf(home, name) !== undefined;
  if (!isProven) skewless(home, 'models', 'promote', name, '1');

  const processed = join(home, 'data', 'processed', name);
  const test = join(processed, 'test.parquet');
  const rows = await python.call('rows', { table, test, singles: SINGLE_ROWS, most: MOST_TEST_ROWS });
  const singles = join(folder, 'singles.csv');
  writeFileSync(singles, rows.csv);
  const scores = join(folder, 'scores.csv');
  skewless(home, 'predict', name, singles, '--out', scores);

  const server = await startContestant('skewless', { SKEWLESS_HOME: home, MODELS_PROOF_SECONDS: 300 });
  const p50Ms = {};
  let served;
  try {
    await compareSingles(server.port, name, rows.objects, parseCsv(readFileSync(scores), { columns: true }));
    const include = found.task === 'regression' ? '' : '?include=probabilities';
    const answers = await post(server.port, `/models/${name}/predict/batch${include}`, rows.all, 'text/csv');
    served = answersOf(answers, found.task);
    if (peerServer) p50Ms.own = await p50(server.port, `/models/${name}/predict`, rows.objects);
  } finally {
    await server.stop();
  }

  const training = JSON.parse(readFileSync(join(home, 'artifacts', name, 'candidate', 'training.json'), 'utf8'));
  const model = parseYaml(readFileSync(join(home, 'config', 'models', `${name}.yaml`), 'utf8'));
  const columns = Object.entries(model.columns).filter(([, { use }]) => use !== false);
  const own = { task: found.task, isProven, columns: columns.length, unused: found.unused, initSeconds, runSeconds };
  const learner = { algorithm: training.algorithm, hyperparameters: training.hyperparameters };
  const about = { name, from, target, ...own, ...learner };
  if (!peerServer) return about;

  const compared = await python.call('compare', {
    ...{ table, test, served, task: found.task, mostTestRows: MOST_TEST_ROWS },
    train: join(processed, 'train.parquet'),
    columns: columns.map(([column]) => column),
    dates: columns.filter(([, { type }]) => type === 'date' || type === 'datetime').map(([column]) => column),
    pickle: join(folder, 'peer.pickle'),
    learners: peers,
  });
  // A pipeline that answers too slowly to be timed takes nothing of what was found away.
  p50Ms.peer = await p50(peerServer.port, `/predict/${name}`, rows.objects).catch(() => undefined);
  return { ...about, ...compared, p50Ms };
}

function championOf(home, name) {
  const file = join(home, 'models', name, 'aliases.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).champion : undefined;
}

/** Numbers, or the probabilities of all classes in their order, a row each. */
function answersOf(text, task) {
  const [head, ...lines] = parseCsv(text);
  if (task === 'regression') return lines.map((line) => Number(line[head.indexOf('prediction')]));
  const places = head.flatMap((name, i) => (name.startsWith('probability_') ? i : []));
  return lines.map((line) => places.map((place) => Number(line[place])));
}
