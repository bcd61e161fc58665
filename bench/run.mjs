import { writeFileSync } from 'node:fs';
import { maintainersPackages } from '../tools/maintain/install.mjs';
import { assertAgreement } from './agreement.mjs';
import { startContestant } from './contestants.mjs';
import { drawChart } from './chart.mjs';
import { environment } from './environment.mjs';
import { show } from './goal.mjs';
import { measureGoals, scenarioGoals } from './goals.mjs';
import { Load } from './load/load.mjs';
import { selfCheck } from './load/self-check.mjs';
import { measure } from './measure.mjs';
import { readOptions } from './options.mjs';
import { summarise } from './summary.mjs';
import { scenarioTable } from './table.mjs';

const SLACK_SECONDS = 120;
const RESULTS = new URL('results.json', import.meta.url);
const CHART = new URL('../docs/bench.svg', import.meta.url);
/** About what it takes a contestant to be warm in one scenario. */
const WARM_UP_SECONDS = 2;
/** Boots, streams and a million requests, besides the load of the rounds. */
const GOALS_SECONDS = 480;

const say = (line) => process.stdout.write(`${line}\n`);
const progress = (line) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${line}`);

async function main() {
  const { rounds, seconds, threads, scenarios, contestants: names, isWhole } = readOptions();
  const loadSeconds = rounds * scenarios.length * names.length * (WARM_UP_SECONDS + seconds);
  setTimeout(
    () => fail(new Error('The benchmark takes too long')),
    (loadSeconds * 2 + SLACK_SECONDS + GOALS_SECONDS) * 1_000,
  ).unref();
  const where = environment();
  say(`${where.cpu}, ${where.cores} cores, Node ${where.node}, load average ${where.loadAverage.toFixed(2)}`);
  say(
    `${rounds} rounds of fresh processes, ${seconds} s a sample, ONNX Runtime threads: ${threads}; ${loadSeconds} s of load\n`,
  );

  const load = new Load();
  await selfCheck(load);
  const start = async () => {
    const contestants = [];
    for (const name of names) contestants.push(await startContestant(name, { threads }));
    await assertAgreement(contestants);
    return contestants;
  };
  const samples = await measure({ load, start, names, scenarios, rounds, seconds, progress });
  progress('');

  const summary = summarise(scenarios, samples);
  summary.forEach((scenario) => say(scenarioTable(scenario)));
  const busiest = (key) => Math.max(...summary.flatMap((s) => s.contestants.map((row) => row[key]))).toFixed(2);
  say(`Busiest sample: load generator ${busiest('loadCores')} cores, foreign processes ${busiest('otherCores')} cores`);
  const figures = scenarioGoals(summary);
  if (isWhole) {
    figures.push(...(await measureGoals(progress)));
    progress('');
  }
  say(`\n${figures.map(show).join('\n')}\n`);
  if (!isWhole) return say('A part of the benchmark: results.json is left as it is');
  const document = { ...where, rounds, seconds, threads, scenarios: summary, goals: figures };
  const { format } = maintainersPackages().require('prettier');
  writeFileSync(RESULTS, await format(JSON.stringify(document, null, 2), { parser: 'json', printWidth: 120 }));
  writeFileSync(CHART, drawChart(summary));
}

function fail(error) {
  process.stderr.write(`\n${error.stack}\n`);
  process.exit(1);
}

main().then(() => process.exit(), fail);
