import { Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '#kit';
import { COLUMNS, type Drift, DRIFT_KINDS } from '#training';
import { progressLine } from '../progress-line.js';
import { stopSignal } from '../stop-signal.js';

interface Flags {
  readonly rows: number;
  readonly seed: number;
  readonly drift?: Drift['kind'];
  readonly column?: string;
  readonly amount?: number;
  readonly labelNoise: number;
  readonly json: boolean;
}

const EXAMPLES = `
The columns are those of the golden data set: feature_1 to feature_3 standard normal, feature_4 uniform from 0 to 100,
feature_5 a whole number from 1 to 9. The target is 1 where two of these hold: feature_1 > 0, feature_2 > 0.5,
feature_4 > 50. The same options give the same bytes on every machine.

Drift, of one column:
  shift    adds --amount to every value
  scale    multiplies every value by --amount
  missing  empties a share of --amount of the cells
  range    draws a share of --amount of the values from above the highest

Examples:
  generate-data data/raw/million.csv --rows 1000000
  generate-data data/raw/large.parquet --rows 10000000 --seed 7
  generate-data drifted.csv --rows 10000 --drift shift --column feature_1 --amount 0.5
  generate-data noisy.csv --rows 100000 --label-noise 0.05`;

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function driftOf({ drift, column, amount }: Flags): Drift | undefined {
  if (drift && column !== undefined && amount !== undefined) return { kind: drift, column, amount };
  if (drift || column !== undefined || amount !== undefined) {
    throw new InputError('Drift needs all three of --drift, --column and --amount.');
  }
  return undefined;
}

/** `generate-data <file>`: data like the golden data set, of any size. */
export function generateDataCommand(): Command {
  return new Command('generate-data')
    .description('Write any number of synthetic rows like those of the default data set')
    .argument('<file>', 'the file to write: Parquet if its name ends in .parquet, else CSV')
    .option('--rows <count>', 'how many', number, 1_000)
    .option('--seed <number>', 'start of the random numbers', number, 42)
    .addOption(new Option('--drift <kind>', 'how to change one column').choices(DRIFT_KINDS))
    .addOption(new Option('--column <name>', 'which').choices(COLUMNS.map(({ name }) => name)))
    .option('--amount <number>', 'by how much', number)
    .option('--label-noise <share>', 'share of the rows with the wrong target', number, 0)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (output: string, flags: Flags) => {
      const { rows, seed, labelNoise } = flags;
      const drift = driftOf(flags);
      const progress = process.stderr.isTTY && !flags.json ? progressLine(process.stderr) : undefined;
      const { generateData } = await import('#training');
      const started = performance.now();
      const onProgress = (done: number): void => progress?.('rows', done, rows);
      await generateData({ output, rows, seed, labelNoise, drift }, { signal: stopSignal(), onProgress });
      const seconds = Math.round(performance.now() - started) / 1_000;
      if (flags.json) console.log(JSON.stringify({ output, rows, seed, label_noise: labelNoise, drift, seconds }));
      else console.log(`${output} written: ${rows.toLocaleString('en-US')} rows in ${seconds.toFixed(1)} s.`);
    });
}
