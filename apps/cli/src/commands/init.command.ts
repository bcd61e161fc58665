import { Command, Option } from 'commander';
import { homeFolder } from '#config';
import { stopSignal } from '../stop-signal.js';

const HELP = `
Looks at all rows of the table: what each column is, which texts stand for no value, which columns are identifiers or give
the target away. Writes config/models/<name>.yaml, commented, to read and to edit; what it says refuses no row of the table.

Then "run <name>" trains the model and registers it, and a server that runs serves it.

Exit codes: 0 written, 2 there is such a file already, or the table cannot be learnt from.

Examples:
  init customers.csv --target churned
  init houses.parquet --target price --name houses --task regression`;

/** `init FILE`: writes a model's file for a table. */
export function initCommand(): Command {
  return new Command('init')
    .description('Look at a table and write the file of a model that learns from it')
    .argument('<file>', 'CSV with a header, or Parquet')
    .requiredOption('--target <column>', 'the column to predict')
    .option('--name <name>', "the model's (default: the file's)")
    .addOption(
      new Option('--task <task>', 'what to predict; by the target if not given').choices([
        'binary',
        'multiclass',
        'regression',
      ]),
    )
    .option('--force', 'replace a file that is there', false)
    .option('--json', 'print the result as JSON, for machines', false)
    .addHelpText('after', HELP)
    .action(async (file: string, { json, ...options }: { target: string; json: boolean }) => {
      const { initModel } = await import('#training');
      const result = await initModel({ file, ...options, home: homeFolder(process.env) }, stopSignal());
      if (json) return console.log(JSON.stringify(result));
      const { rows, unlabelled, used, unused, name, path, notes } = result;
      const dropped = unlabelled > 0 ? `, ${unlabelled} of them without "${options.target}", which are left out` : '';
      console.log(`${rows} rows${dropped}; columns: ${used} used, ${unused} not used.`);
      for (const note of notes) console.log(`  ${note}`);
      console.log(`Written: ${path}`);
      console.log(`Next: npx skewless run ${name}`);
    });
}
