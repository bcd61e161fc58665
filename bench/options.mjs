import { parseArgs } from 'node:util';
import { CONTESTANTS } from './contestants.mjs';
import { SCENARIOS } from './scenarios.mjs';

const WHOLE = { rounds: 5, seconds: 1.5 };
const QUICK = { rounds: 2, seconds: 0.5 };

/** Reads the command line; `isWhole` says whether the run measures every contestant in every scenario. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      threads: { type: 'string', default: '1' },
      scenario: { type: 'string', multiple: true },
      contestant: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
    },
  });
  const defaults = values.quick ? QUICK : WHOLE;
  return {
    rounds: positive('rounds', values.rounds ?? defaults.rounds),
    seconds: positive('seconds', values.seconds ?? defaults.seconds),
    threads: positive('threads', values.threads),
    scenarios: chosen('scenario', values.scenario, SCENARIOS, ({ name }) => name),
    contestants: chosen('contestant', values.contestant, CONTESTANTS, (name) => name),
    isWhole: !values.quick && !values.scenario && !values.contestant,
  };
}

function positive(name, text) {
  const number = Number(text);
  if (number > 0 && number <= 600) return number;
  throw new Error(`--${name} is ${text}; it must be above 0 and at most 600`);
}

function chosen(option, names, all, nameOf) {
  const unknown = names?.find((name) => !all.some((item) => nameOf(item) === name));
  if (unknown) throw new Error(`--${option} ${unknown} is not one of ${all.map(nameOf).join(', ')}`);
  return names ? all.filter((item) => names.includes(nameOf(item))) : all;
}
