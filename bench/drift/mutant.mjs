import { register } from 'node:module';
import { MUTANTS } from './mutants.mjs';
import { NO_FLOOR } from './settings.mjs';

/**
 * Watches streams of stable data by code with a mistake, and prints how often it alarms until it is plain that it does:
 * `node bench/drift/mutant.mjs '<name>'`; without a name, their streams without a mistake.
 */
const ENOUGH = 4;
const SEED = 181;
const STREAMS = { mutant: 8, none: 3 };
const DAYS = 10;

const name = process.argv[2];
const mutant = MUTANTS.find((one) => one.name === name);
if (name && !mutant) throw new Error(`There is no mistake ${name}`);
if (mutant) {
  const { file, from, to, more } = mutant;
  register('./mutate.mjs', import.meta.url, { data: { file, from, to, more } });
}
const [bundle, { RandomStream }, monitoring] = await Promise.all(
  ['#bundle', '#kit', '#monitoring'].map((name) => import(name)),
);
const { watchStream } = await import('./stream.mjs');

const isOpened = ({ kind }) => kind === 'opened';
const settings = mutant ? [mutant.options] : [...new Set(MUTANTS.map(({ options }) => options))];
let [alarms, streams] = [0, 0];
for (const options of settings) {
  for (let stream = 0; stream < (mutant ? STREAMS.mutant : STREAMS.none) && alarms < ENOUGH; stream++, streams++) {
    const isOver = (told) => alarms + told.filter(isOpened).length >= ENOUGH;
    const told = watchStream({ ...monitoring, bundle }, new RandomStream(SEED, stream), {
      days: DAYS,
      watch: NO_FLOOR,
      isOver,
      ...options,
    });
    alarms += told.filter(isOpened).length;
  }
}
console.log(JSON.stringify({ alarms, streams, cpuSeconds: process.cpuUsage().user / 1e6 }));
