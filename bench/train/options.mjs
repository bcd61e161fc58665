import { parseArgs } from 'node:util';

/** Reads the command line: which learners, sizes and shares of label noise, how many rounds, where the results go. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      learner: { type: 'string', multiple: true, default: ['forest', 'boosting'] },
      rows: { type: 'string', multiple: true, default: ['1000', '100000'] },
      noise: { type: 'string', multiple: true, default: ['0'] },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: '42' },
      output: { type: 'string' },
    },
  });
  const unknown = values.learner.find((learner) => !['forest', 'boosting'].includes(learner));
  if (unknown) throw new Error(`--learner is ${unknown}; it must be forest or boosting`);
  return {
    learners: values.learner,
    sizes: values.rows.map((text) => within('rows', text, 100, 1e8)),
    noises: values.noise.map((text) => within('noise', text, 0, 0.5)),
    rounds: within('rounds', values.rounds, 1, 100),
    seed: within('seed', values.seed, 0, 2 ** 31 - 1),
    output: values.output,
  };
}

function within(name, text, minimum, maximum) {
  const number = Number(text);
  if (text.trim() !== '' && number >= minimum && number <= maximum && (name === 'noise' || Number.isInteger(number))) {
    return number;
  }
  throw new Error(`--${name} is ${text}; it must be a number from ${minimum} to ${maximum}`);
}
