import { Command, Option } from 'commander';
import { homeFolder } from '#config';
import { stopSignal } from '../stop-signal.js';

const HELP = `
Reads all rows of the table and detects the type of each column, texts that mean "missing", identifiers, and columns that leak
the target. Writes config/models/<name>.yaml, with comments, for you to review and edit. It accepts every row of the table.

"run <name>" then trains and registers the model, and a running server serves it.

Exit codes: 0 written, 2 the file exists already, or no model can be trained on the table.

Examples:
  init customers.csv --target churned
  init houses.parquet --target price --name houses --task regression`;

/** `init FILE`: writes a model's file for a table. */
export function initCommand(): Command {
  return new Command('init')
    .description('Inspect a table, and write a model file for it')
    .argument('<file>', 'CSV with a header, or Parquet')
    .requiredOption('--target <column>', 'the column to predict')
    .option('--name <name>', 'name of the model (default: from the file name)')
    .addOption(
      new Option('--task <task>', 'what to predict (default: detected from the target)').choices([
        'binary',
        'multiclass',
        'regression',
      ]),
    )
    .option('--force', 'replace an existing file', false)
    .option('--json', 'print the result as JSON', false)
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
