import { Command } from 'commander';
import { withContext } from '../command-context.js';

const HELP = `
Scores every row of a table with the champion of a model; a server gives the same answers. Columns may be in any order, and
columns that the model file marks as unused are allowed. Unknown categories are reported; invalid values are refused.

Writes CSV with the column prediction and, for a classifier, probability: one line per row, in the order of the file.

Exit codes: 0 scored, 2 invalid rows, or no such model.

Examples:
  predict customers new-customers.csv
  predict customers new-customers.parquet --out scores.csv`;

/** `predict NAME FILE`: scores a file without a server. */
export function predictCommand(): Command {
  const command = new Command('predict')
    .description('Score the rows of a file with the champion of a model')
    .argument('<name>', "the model's")
    .argument('<file>', 'CSV with a header, or Parquet')
    .option('--out <file>', 'file to write (default: standard output)')
    .addHelpText('after', HELP);
  return withContext(command, async ({ config, signal, print, inform }, [name, file], options) => {
    const { out } = options as { readonly out?: string };
    const { predictFile, scoredText } = await import('#training');
    const { publicKeyOf } = await import('#registry');
    const { writeFile } = await import('#kit');
    const { directory } = config.models;
    const scored = await predictFile(file, { directory, name, publicKey: await publicKeyOf(config.models) }, signal);
    for (const { column, rows, example } of scored.unknown)
      console.error(
        `warning: "${column}" has values that the model does not know in ${rows} of ${scored.rows} rows, such as ${JSON.stringify(example)}`,
      );
    const { model, version, rows, unknown } = scored;
    if (out === undefined) return print(scored.predictions, () => process.stdout.write(scoredText(scored)));
    await writeFile(out, scoredText(scored));
    print({ model, version, rows, unknown, out }, () => inform(`${rows} rows scored by ${model}/${version}: ${out}`));
  });
}
