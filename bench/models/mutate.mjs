import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dumpFormat } from '../../dist/libs/importers/src/dump-format.js';
import { importOnnx } from '../../dist/libs/importers/src/import-onnx.js';
import { importSklearn } from '../../dist/libs/importers/src/import-sklearn.js';
import { importTrees } from '../../dist/libs/importers/src/import-trees.js';
import { UserError } from '../../dist/libs/kit/src/index.js';
import { writePage } from './page.mjs';

/**
 * Damaged dumps by the importers: each is refused in words, with nothing written, or it is a model, and is proven and published.
 * 1,000 of four files, each file in a process of its own; `--ci` takes 100, `--page` writes mutated.json and its table.
 */
const FILES = [
  'test/fixtures/boosters/xgboost-binary.json',
  'test/fixtures/boosters/xgboost-categories.ubj',
  'test/fixtures/boosters/lightgbm-categories.txt',
  'test/fixtures/sklearn/forest-binary-mixed.json',
];
const NUMBERS = [
  '-1',
  '0',
  '1',
  '2147483647',
  '9999999',
  '10000000',
  '1e300',
  '1e-320',
  '-0.5',
  'NaN',
  'null',
  '"x"',
  '[]',
  '{}',
];

/** Mulberry32 (Tommy Ettinger, 2017). */
function uniforms(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy of the bytes with one damage. */
function mutated(bytes, random) {
  const below = (count) => Math.floor(random() * count);
  const at = below(bytes.length);
  const one = below(6);
  if (one === 0) return bytes.subarray(0, at);
  if (one === 1) return Buffer.concat([bytes.subarray(0, at + 1 + below(200)), bytes.subarray(at)]);
  if (one === 2) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(200))]);
  const copy = Buffer.from(bytes);
  if (one === 3) copy[at] = below(256);
  if (one === 4) copy[at] = 48 + below(10);
  if (one < 5) return copy;
  const text = bytes.toString('latin1');
  const number = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
  number.lastIndex = at;
  const found = number.exec(text);
  if (!found) return bytes.subarray(0, at);
  const put = NUMBERS[below(NUMBERS.length)];
  return Buffer.from(text.slice(0, found.index) + put + text.slice(found.index + found[0].length), 'latin1');
}

async function measure(file, dumps) {
  const folder = mkdtempSync(join(tmpdir(), 'skewless-mutated-'));
  const random = uniforms(dumps);
  const bytes = readFileSync(file);
  const path = join(folder, 'model.any');
  const found = { file: file.split('/').at(-1), dumps, refused: 0, proven: 0, other: 0, worstMilliseconds: 0 };
  for (let i = 0; i < dumps; i++) {
    const models = join(folder, 'models');
    mkdirSync(models);
    writeFileSync(path, mutated(bytes, random));
    const before = process.cpuUsage();
    try {
      const format = await dumpFormat(path);
      const target = { file: path, name: 'mutated', modelsDirectory: models, champion: false };
      if (format === 'sklearn-pipeline') await importSklearn(target);
      else if (format === 'onnx') await importOnnx(target);
      // What names no scaler is refused before it is read.
      else if (format === 'sklearn') throw new UserError(`${path} is taken for a forest without its scaler`);
      else await importTrees({ ...target, format });
      found.proven++;
    } catch (error) {
      const isStructured = error instanceof UserError && error.message.length > 10 && !/\n {4}at /.test(error.message);
      if (isStructured && readdirSync(models).length === 0) found.refused++;
      else {
        found.other++;
        console.error(`${file}, dump ${i}: ${error.stack}`);
      }
    }
    const { user, system } = process.cpuUsage(before);
    found.worstMilliseconds = Math.max(found.worstMilliseconds, (user + system) / 1_000);
    rmSync(models, { recursive: true });
  }
  rmSync(folder, { recursive: true });
  return { ...found, worstBytes: process.resourceUsage().maxRSS * 1_024 };
}

const options = process.argv.slice(2);
const own = FILES.find((file) => options.includes(file));
const dumps = options.includes('--ci') ? 25 : 250;
if (own) {
  console.log(JSON.stringify(await measure(own, dumps)));
} else {
  const files = FILES.map((file) => {
    const script = fileURLToPath(import.meta.url);
    const text = execFileSync(process.execPath, [script, file, ...options], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.stdout.write(text);
    return JSON.parse(text.trim().split('\n').at(-1));
  });
  if (options.includes('--page')) {
    writeFileSync(new URL('mutated.json', import.meta.url), `${JSON.stringify({ files }, null, 2)}\n`);
    await writePage();
  }
  if (files.some(({ other }) => other > 0)) process.exit(1);
}
