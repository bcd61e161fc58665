import { parseArgs } from 'node:util';

/** Reads the command line: which sizes, how much label noise, how many rounds. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', multiple: true, default: ['1000', '100000'] },
      noise: { type: 'string', default: '0' },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: '42' },
    },
  });
  return {
    rows: values.rows.map((text) => within('rows', text, 100, 1e8)),
    noise: within('noise', values.noise, 0, 0.5),
    rounds: within('rounds', values.rounds, 1, 100),
    seed: within('seed', values.seed, 0, 2 ** 31 - 1),
  };
}

function within(name, text, minimum, maximum) {
  const number = Number(text);
  if (text.trim() !== '' && number >= minimum && number <= maximum && (name === 'noise' || Number.isInteger(number))) {
    return number;
  }
  throw new Error(`--${name} is ${text}; it must be a number from ${minimum} to ${maximum}`);
}
