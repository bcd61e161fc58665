import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from '../environment.mjs';
import { median } from '../statistics.mjs';
import { contestants, measure } from './contestants.mjs';
import { generateData } from './generate-data.mjs';
import { readOptions } from './options.mjs';
import { resultTable } from './table.mjs';

/**
 * Fits the same forest (100 trees, depth 10) on the same rows with each contestant, in turn, several rounds. A figure is
 * the median over rounds; a ratio is the median of ratios within each round, so that drift of the machine cancels out.
 */
const { rows: sizes, noise, rounds, seed } = readOptions();
const here = environment();
console.log(`${here.date}  ${here.node}  ${here.cores} x ${here.cpu}  load ${here.loadAverage.toFixed(2)}`);
console.log(`commit ${here.commit.slice(0, 7)}${here.hasUncommittedChanges ? ' and changes' : ''}\n`);

const racers = contestants();
const directory = mkdtempSync(join(tmpdir(), 'skewless-train-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const rows of sizes) {
  const trainRows = Math.floor(rows * 0.8);
  writeData(rows);
  const results = racers.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < racers.length; i++) {
      const racer = (i + round) % racers.length;
      results[racer].push(await measure(racers[racer], directory, rows, trainRows, seed + round));
    }
  }
  console.log(
    `${rows.toLocaleString('en-US')} rows, ${trainRows.toLocaleString('en-US')} to train, label noise ${noise}`,
  );
  console.log(resultTable(racers.map((racer, i) => summary(racer, results[i], peerOf(racer, results)))));
}

/** The same numbers for all: by columns for Skewless, by rows for scikit-learn. */
function writeData(rows) {
  const { features, labels } = generateData(rows, { seed, noise });
  const byRows = new Float32Array(rows * features.length);
  features.forEach((column, f) => column.forEach((value, row) => (byRows[row * features.length + f] = value)));
  writeFileSync(join(directory, 'rows.f32'), byRows);
  writeFileSync(join(directory, 'features.f32'), Buffer.concat(features.map(({ buffer }) => new Uint8Array(buffer))));
  writeFileSync(join(directory, 'labels.u8'), labels);
}

/** The results of scikit-learn with as many threads. */
function peerOf({ name, threads }, results) {
  const peer = racers.findIndex((racer) => racer.name !== 'skewless' && racer.threads === threads);
  return name === 'skewless' && peer >= 0 ? results[peer] : undefined;
}

function summary({ name, threads }, own, peer) {
  const middle = (figure) => median(own.map((result) => result[figure]));
  const ratio = (figure) => peer && median(own.map((result, round) => peer[round][figure] / result[figure]));
  return {
    name: `${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    fitSeconds: middle('fitSeconds'),
    cpuSeconds: middle('cpuSeconds'),
    peakMegabytes: middle('peakMegabytes'),
    accuracy: middle('accuracy'),
    logLoss: middle('logLoss'),
    fitRatio: ratio('fitSeconds'),
    cpuRatio: ratio('cpuSeconds'),
    memoryShare: peer && 1 / ratio('peakMegabytes'),
  };
}
