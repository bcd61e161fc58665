import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnOwned } from '../owned-process.mjs';
import { pythonOf } from '../python.mjs';
import { compare } from './compare.mjs';
import { isEqual, writePage } from './page.mjs';

/**
 * Models of scikit-learn, XGBoost and LightGBM, trained here by the real libraries, as they are imported: leaf by leaf beside what
 * the library itself answers, and beside what skl2onnx and onnxmltools make of the same models.
 *
 *     node bench/models/run.mjs [SOURCE...] [--ci] [--again] [--kept] [--page]
 *
 * Results are kept in `.cache/models`, so that a run that was stopped goes on; `--again` starts anew. `--page` writes results.json beside this file, and docs/model-parity.md. `--ci` takes eight of
 * each source, `--kept` none: only the page is written. Ends with 1 where an import answers otherwise than its source.
 */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CACHE = here('../../.cache/models');
const keptOf = (source) => join(CACHE, `${source}.json`);
const SOURCES = ['sklearn', 'xgboost', 'lightgbm'];

const keptIn = (source) => JSON.parse(readFileSync(keptOf(source), 'utf8'));

const options = process.argv.slice(2);
const asked = options.filter((option) => SOURCES.includes(option));
const isShort = options.includes('--ci');

/** @param known names of configurations that need not be trained */
async function* answersOf(source, known) {
  const folder = mkdtempSync(join(tmpdir(), 'skewless-models-'));
  const child = spawnOwned(
    pythonOf(here('requirements.txt'), CACHE),
    [here('answer.py'), source, folder, ...(isShort ? ['ci'] : known)],
    { env: { ...process.env, OMP_NUM_THREADS: '1' }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The Python of ${source} has ended`);
    return JSON.parse(value);
  };
  try {
    const { version, names } = await next();
    for (const [i, name] of names.entries()) {
      child.stdin.write('\n');
      const told = await next();
      if (told.name !== name) throw new Error(`${source} answered ${told.name}, not ${name}`);
      yield { version, place: `${i + 1} of ${names.length}`, folder, told };
    }
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let wrong = 0;
const trained = options.includes('--kept') ? [] : asked.length > 0 ? asked : SOURCES;
for (const source of trained) {
  const before = !isShort && !options.includes('--again') && existsSync(keptOf(source));
  const configurations = before ? keptIn(source).configurations : [];
  const known = configurations.map(({ name }) => name);
  for await (const { version, place, folder, told } of answersOf(source, known)) {
    const { name, rows, splits, classes, peers } = told;
    const own = await compare(source, folder, told);
    const result = { name, rows, splits, classes, ...own, peers };
    configurations.push(result);
    if (!isEqual(result)) wrong++;
    console.log(JSON.stringify({ source, place, ...result }));
    mkdirSync(CACHE, { recursive: true });
    if (!isShort) writeFileSync(keptOf(source), JSON.stringify({ version, configurations }));
  }
}
if (options.includes('--page')) {
  const kept = SOURCES.filter((source) => existsSync(keptOf(source)));
  await writePage(Object.fromEntries(kept.map((source) => [source, keptIn(source)])));
}
if (wrong > 0) {
  console.error(`${wrong} models answer otherwise than their source`);
  process.exit(1);
}
