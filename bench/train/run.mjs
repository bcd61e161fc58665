import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from '../environment.mjs';
import { median } from '../statistics.mjs';
import { keepResults } from './keep-results.mjs';
import { contestants, measure } from './contestants.mjs';
import { trainingTable } from './markdown.mjs';
import { readOptions } from './options.mjs';
import { resultTable } from './table.mjs';
import { writeData } from './write-data.mjs';

/**
 * Fits the same forest (100 trees, depth 10) or boosting (100 rounds, depth 6, learning rate 0.1, 256 bins) on the same
 * rows with each contestant, in turn, several rounds. A figure is the median over rounds; a ratio is the median of ratios
 * within each round, so that drift of the machine cancels out.
 */
const { learners, sizes, noises, rounds, seed, output } = readOptions();
const here = environment();
console.log(`${here.date}  ${here.node}  ${here.cores} x ${here.cpu}  load ${here.loadAverage.toFixed(2)}`);
console.log(`commit ${here.commit.slice(0, 7)}${here.hasUncommittedChanges ? ' and changes' : ''}\n`);

const directory = mkdtempSync(join(tmpdir(), 'skewless-train-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const rows of sizes) {
  for (const noise of noises) {
    const features = writeData(directory, rows, { seed, noise });
    for (const learner of learners) {
      const results = await compare(contestants(learner), features);
      console.log(`${learner}, ${rows.toLocaleString('en-US')} rows, 80 % to train, label noise ${noise}`);
      console.log(resultTable(results));
      if (output) keepResults(output, { learner, rows, noise, rounds, ...here, results });
    }
  }
}
if (output) console.log(`All of ${output}, for docs/training.md:\n\n${trainingTable(output)}`);

async function compare(racers, features) {
  const results = racers.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < racers.length; i++) {
      const racer = (i + round) % racers.length;
      results[racer].push(await measure(racers[racer], directory, features, seed + round));
    }
  }
  return racers.map((racer, i) => {
    const peer = racers.findIndex(({ name, threads }) => name !== 'skewless' && threads === racer.threads);
    return summary(racer, results[i], racer.name === 'skewless' ? results[peer] : undefined);
  });
}

function summary({ name, threads }, own, peer) {
  const rounded = (number) => Number(number.toPrecision(5));
  const middle = (figure) => rounded(median(own.map((result) => result[figure])));
  const ratio = (figure) => peer && rounded(median(own.map((result, round) => peer[round][figure] / result[figure])));
  return {
    name,
    threads,
    fitSeconds: middle('fitSeconds'),
    cpuSeconds: middle('cpuSeconds'),
    peakMegabytes: middle('peakMegabytes'),
    accuracy: middle('accuracy'),
    logLoss: middle('logLoss'),
    fitRatio: ratio('fitSeconds'),
    cpuRatio: ratio('cpuSeconds'),
    memoryShare: peer && rounded(1 / ratio('peakMegabytes')),
  };
}
