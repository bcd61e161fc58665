import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { baselineOfColumns, writeAliases, writeBundle } from '#bundle';
import { FeaturePipeline, readersOf } from '#features';
import { RandomStream } from '#kit';
import { forestProbabilities, forestToOnnx } from '#learners';
import { kindOf } from '#schema';
import { startContestant } from './contestants.mjs';
import { processCpu } from './cpu.mjs';
import { atMost, runAlone } from './goal.mjs';
import { closedLoop } from './load/closed-loop.mjs';
import { serialiseRequests } from './requests.mjs';
import { median } from './statistics.mjs';

// What columns of texts cost beside columns of numbers: a cell, a vocabulary, and a server's answers.

const COLUMNS = 8;
const VALUES = 100;
const TREES = 100;
const DEPTH = 8;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const SECONDS = Number(process.env.SECONDS ?? 2);
const BATCH_ROWS = 10_000;

const random = new RandomStream(17, 0);
const below = (count) => Math.floor(random.uniform() * count);
const textOf = (column, value) => `value ${column} of ${value}`;
const columns = Array.from({ length: COLUMNS }, (_, c) => ({
  name: `column_${c}`,
  type: 'category',
  codes: 'text',
  values: Array.from({ length: VALUES }, (_, value) => textOf(c, value)).sort(),
  unknown: 'other',
  nullable: false,
}));

/** Each text is a text of its own, as one that was read from a body is. */
const freshTexts = (texts) => JSON.parse(JSON.stringify(texts));

/** Nanoseconds to read a cell, by the reader of a category of `VALUES` texts. */
function cellNanoseconds(read) {
  const [column] = columns;
  const reader = kindOf(column).reader(column);
  const texts = Array.from({ length: 100_000 }, () => column.values[below(VALUES)]);
  // CPU time: the machine may have other work.
  const times = Array.from({ length: 15 }, () => {
    const cells = freshTexts(texts);
    let sum = 0;
    const started = process.cpuUsage();
    for (const cell of cells) sum += read(reader, cell);
    const { user, system } = process.cpuUsage(started);
    if (!(sum > 0)) throw new Error('Nothing was read');
    return ((user + system) * 1e3) / cells.length;
  });
  return median(times);
}

/** MiB that the reader of 100,000 values holds, the values themselves included. */
function vocabularyMiB() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  const before = process.memoryUsage().heapUsed;
  const values = freshTexts(Array.from({ length: 100_000 }, (_, value) => textOf(0, value)));
  const column = { ...columns[0], values };
  const reader = kindOf(column).reader(column);
  collect();
  const held = process.memoryUsage().heapUsed - before;
  if (reader.fromJson(values[99_999]) !== 99_999) throw new Error('The vocabulary is wrong');
  return held / 2 ** 20;
}

/** A tree that asks random features of random places; its leaves are shares of two classes. */
function randomTree() {
  const tree = { feature: [], threshold: [], left: [], right: [], value: [] };
  const add = (depth) => {
    const node = tree.feature.length;
    const share = random.uniform();
    for (const key of Object.keys(tree)) tree[key].push(-1);
    tree.value[node] = [share, 1 - share];
    tree.feature[node] = tree.threshold[node] = -2;
    if (depth === 0) return node;
    tree.feature[node] = below(COLUMNS);
    tree.threshold[node] = below(VALUES - 1) + 0.5;
    tree.left[node] = add(depth - 1);
    tree.right[node] = add(depth - 1);
    return node;
  };
  add(DEPTH);
  return tree;
}

const randomRow = () => Object.fromEntries(columns.map(({ name, values }) => [name, values[below(VALUES)]]));

/** A forest over eight columns of texts, beside the default model: both in one models folder. */
async function writeModels(folder) {
  await cp(new URL('../models/random_forest', import.meta.url), join(folder, 'random_forest'), { recursive: true });
  const names = columns.map(({ name }) => name);
  const recipe = {
    inputs: columns,
    steps: columns.map(({ name: column, values: categories }) => ({ kind: 'ordinal', column, categories })),
    outputs: names,
  };
  const rows = Array.from({ length: 500 }, randomRow);
  const readers = readersOf(recipe);
  const raw = names.map((name, c) => Float64Array.from(rows, (row) => readers[c].fromJson(row[name])));
  const interpreter = new FeaturePipeline();
  const pipeline = interpreter.fit(recipe, raw);
  const forest = { classes: [0, 1], feature_names: names, trees: Array.from({ length: TREES }, randomTree) };
  const computed = interpreter.compile(pipeline).compute(raw, 0, rows.length);
  const golden = rows.slice(0, 64).map((input, i) => {
    const features = computed.map((column) => column[i]);
    const probabilities = forestProbabilities(forest, features);
    return { input, features, probabilities, prediction: Number(probabilities[1] > probabilities[0]) };
  });
  const manifest = {
    format_version: 1,
    name: 'texts',
    version: '1',
    algorithm: 'random_forest',
    hyperparameters: {},
    metrics: {},
    train_samples: rows.length,
    test_samples: null,
    timestamp: new Date(0).toISOString(),
    classes: [0, 1],
    lineage: { source: 'bench/kinds.mjs' },
  };
  await writeBundle(folder, {
    manifest,
    pipeline,
    golden: { format_version: 1, rows: golden },
    baseline: baselineOfColumns(columns, raw),
    model: forestToOnnx(forest),
  });
  await writeAliases(folder, 'texts', { champion: '1' });
}

const bytesOf = (path, body) => {
  const json = JSON.stringify(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
};

/**
 * Median latencies in milliseconds, taken in turns of one and the other, and how much more CPU time of the server the texts take: that
 * also tells where other work runs beside it.
 */
async function inTurns({ port, pid }, numbers, texts, seconds) {
  const found = { numbers: [], texts: [] };
  const cpu = { numbers: [], texts: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const sides = [
      ['numbers', numbers],
      ['texts', texts],
    ];
    for (const [side, requests] of round % 2 === 0 ? sides : sides.toReversed()) {
      const before = processCpu(pid);
      const { latencies } = await closedLoop({ port, requests, connections: 1, seconds, observe: () => undefined });
      // The first round warms up.
      if (round < 0) continue;
      found[side].push(median(latencies));
      cpu[side].push((processCpu(pid) - before) / latencies.length);
    }
  }
  return {
    numbers: median(found.numbers),
    texts: median(found.texts),
    cpu: median(cpu.texts) / median(cpu.numbers),
  };
}

export async function kinds() {
  const folder = await mkdtemp(join(tmpdir(), 'skewless-kinds-'));
  try {
    await writeModels(folder);
    const server = await startContestant('skewless', { MODELS_DIR: folder, MODELS_DEFAULT: 'random_forest' });
    const of = (model, path) => `/models/${model}${path}`;
    const single = await inTurns(
      server,
      serialiseRequests({ path: of('random_forest', '/predict'), rows: 1 }),
      Array.from({ length: 512 }, () => bytesOf(of('texts', '/predict'), randomRow())),
      SECONDS,
    );
    const batch = await inTurns(
      server,
      serialiseRequests({ path: of('random_forest', '/predict/batch'), rows: BATCH_ROWS }),
      Array.from({ length: 4 }, () =>
        bytesOf(of('texts', '/predict/batch'), { instances: Array.from({ length: BATCH_ROWS }, randomRow) }),
      ),
      SECONDS * 2,
    );
    await server.stop();
    const places = new Map(columns[0].values.map((value, place) => [value, place]));
    // What V8 takes to find a text that it has not seen, for comparison.
    const bare = cellNanoseconds((_, cell) => places.get(cell));
    const ofTexts = `category of 100 texts; a bare Map takes ${bare.toFixed(0)}`;
    const beside = ({ numbers, texts, cpu }) =>
      `${texts.toFixed(3)} ms beside ${numbers.toFixed(3)} ms; CPU time of the server ${cpu.toFixed(2)}`;
    return [
      atMost(
        'single prediction, 8 texts, p50 beside the numeric model',
        single.texts / single.numbers,
        1.3,
        beside(single),
      ),
      atMost('batch of 10,000, 8 texts, p50 beside the numeric model', batch.texts / batch.numbers, 2, beside(batch)),
      atMost(
        'ns a cell of JSON',
        cellNanoseconds((reader, cell) => reader.fromJson(cell)),
        60,
        ofTexts,
      ),
      atMost(
        'ns a cell of CSV',
        cellNanoseconds((reader, cell) => reader.fromText(cell)),
        60,
        ofTexts,
      ),
      atMost('MiB of a vocabulary of 100,000', vocabularyMiB(), 30, 'its texts included'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await runAlone(import.meta, kinds);
