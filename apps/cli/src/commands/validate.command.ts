import { Command } from 'commander';
import { OF_MODEL, withContext } from '../command-context.js';
import { EXIT } from '../exit-codes.js';

const HELP = `
Checks the header, types, missing and non-finite values, ranges, allowed values, repeated rows, contradicting labels,
class balance and, against --reference, drift. All failures are reported, each with up to 20 rows that show it. The
columns and their ranges are those of data.recipe; the rules are in the section "validation" of config/config.yaml,
each with severity error, warning or off.

Written to validation.reports: validation.html to look at, validation.json, and reference_stats.json, which a later
validation can be given as --reference.

Exit codes: 0 passed, 2 an error was found or the file cannot be read, 130 stopped.

Examples:
  validate
  validate new-rows.csv --reference artifacts/validation/reference_stats.json --reports /tmp/validation
  validate large.parquet --json | jq '.checks[] | select(.passed | not)'`;

/** `validate [file]`: is this data fit to train on? */
export function validateCommand(): Command {
  const command = new Command('validate')
    .description('Check raw data against the recipe and the validation rules; exit code 2 on errors')
    .argument('[file]', 'CSV with a header, or Parquet (default: data.path of the configuration)')
    .option(...OF_MODEL)
    .option('--reference <file>', 'a reference_stats.json, or the baseline.json of a bundle, to check for drift')
    .option('--reports <folder>', 'folder for the reports (default: validation.reports)')
    .addHelpText('after', HELP);
  return withContext(command, async ({ config, signal, print }, [file], options) => {
    const { recipeOf } = await import('#training');
    const { plainText, tableText, validateData, validationFiles, writeValidation } = await import('#validation');
    const started = performance.now();
    const { reports, reference, memoryMegabytes, ...rules } = config.validation;
    const { inputs: schema, unused } = await recipeOf(config);
    const report = await validateData(
      {
        data: file ?? config.data.path,
        schema,
        unused,
        target: config.data.target,
        missing: config.data.missing?.map(String),
        rules,
        reference: (options.reference as string | undefined) ?? reference,
        memoryMegabytes,
      },
      { signal },
    );
    const directory = (options.reports as string | undefined) ?? reports;
    const verdict = await writeValidation(report, directory);
    print(verdict, () => {
      console.log(process.stdout.isTTY ? tableText(report) : plainText(report));
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      console.log(`Checked in ${seconds} s. Report: ${validationFiles(directory).page}`);
    });
    if (!report.passed) process.exitCode = EXIT.badInput;
  });
}
