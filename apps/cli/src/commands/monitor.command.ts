import { Command } from 'commander';
import { withContext } from '../command-context.js';
import type { ExportOptions } from './monitor/export.js';
import type { adopt, DecisionOptions } from './monitor/decide.js';
import type { ReportOptions } from './monitor/report.js';

const MOVE_HELP = `
Stop the servers that write to the folder first; then set monitor.store (MONITOR_STORE) to the database and start them. The
folder stays as it is. Doing it again copies only what is missing.

Examples:
  monitor move --to postgres://skewless:secret@localhost/skewless`;

const RUN_HELP = `
Evaluates all windows that have ended, as one of the servers does every five minutes: for cron, where no server runs, or to
see the result at once. Running it again changes nothing.

Exit codes: 0 done, 3 an alarm is open and --fail-on-alarm was given, 75 another process is doing it.

Examples:
  monitor run --once
  monitor run --once --now 2026-12-01T01:00:00Z --fail-on-alarm --json`;

const REPORT_HELP = `
The page that a server shows at /monitor/{model}, as one file to send or keep: it loads nothing, leads nowhere, and is made of
the store alone. With --json what the page shows is printed too.

Examples:
  monitor report customers --out customers.html
  monitor report customers --window 7d --now 2026-12-01T01:00:00Z --version 3 --out week.html`;

const ADOPT_HELP = `
"This is the new normal": later windows are compared with the counts of this one, and open episodes close. Who decided it
and why is kept with the alarms.

Examples:
  monitor adopt customers --from 2026-11-23 --to 2026-11-30 --reason "new price list"`;

const EXPORT_HELP = `
Examples:
  monitor export customers --from 2026-11-01 --to 2026-12-01 --out november.csv`;

const FROM_LOG_HELP = `
Raw rows are stored only while monitor.rows (MONITOR_ROWS) is sample or all. Values outside the vocabulary
of the model are written as one placeholder value that is outside it too.

Examples:
  data from-log customers --model customers --from 2026-11-01 --to 2026-12-01 --out data/raw/november.parquet`;

const ACKNOWLEDGE_HELP = `
Examples:
  monitor acknowledge customers tenure --reason "asked the shop, fix comes on Monday"`;

const FORGET_HELP = `
Erases the records of predictions with their raw rows and labels; counts, which hold no ids, stay. What was exported and backups are
not reached. Doing it again changes nothing.

Examples:
  monitor forget 019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11
  monitor forget --external-id shop:4711 shop:4712 --json | jq .forgotten`;

/** Adds the options for a time span and a file. */
const spanning = (command: Command): Command =>
  command
    .requiredOption('--from <time>', 'of the first prediction: 2026-11-30 or 2026-11-30T12:00:00Z')
    .requiredOption('--to <time>', 'excluded')
    .requiredOption('--out <file>', 'a file that ends in .parquet or .csv');

/** `data from-log`: a training table of logged rows and their labels. */
export function dataCommand(): Command {
  const data = new Command('data').description('Make training tables from stored predictions');
  withContext(
    spanning(data.command('from-log').argument('<name>', "the model's"))
      .option('--target <column>', "name of the label column (default: data.target of the model's file)")
      .option('--model <name>', 'model whose file names the target (default: the same)')
      .description('Write the stored raw rows that have a label as a table for training')
      .addHelpText('after', FROM_LOG_HELP),
    async (context, [name], options) => {
      const target = (options.target as string | undefined) ?? context.config.data.target;
      const { exportTable } = await import('./monitor/export.js');
      await exportTable(context, name, target, options as unknown as ExportOptions);
    },
  );
  return data;
}

/** Adds the options of all decisions. */
const decision = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why')
    .option('--by <name>', 'who decides (default: the user of this machine)')
    .option('--version <version>', 'version of the model (default: the newest)');

/** `monitor`: the store of predictions, and decisions about drift. */
export function monitorCommand(): Command {
  const monitor = new Command('monitor').description('Watch, report and export the stored predictions');
  withContext(
    monitor
      .command('move')
      .requiredOption('--to <url>', 'postgres://user:password@host/database')
      .description('Copy the folder monitor.store into a PostgreSQL database')
      .addHelpText('after', MOVE_HELP),
    async (context, _, { to }) => (await import('./monitor/move.js')).move(context, to as string),
  );
  withContext(
    monitor
      .command('run')
      .option('--once', 'evaluate once, and exit')
      .option('--now <time>', 'as if it were this time (ISO 8601)')
      .option('--fail-on-alarm', 'exit with code 3 if an alarm is open')
      .description('Evaluate the windows that have ended, and raise alarms')
      .addHelpText('after', RUN_HELP),
    async (context, _, options) => (await import('./monitor/run.js')).run(context, options),
  );
  withContext(
    monitor
      .command('report')
      .argument('<name>', "the model's")
      .requiredOption('--out <file>', 'a file that ends in .html')
      .option('--window <length>', '1h, 1d, 7d or 28d: the newest that is closed and has rows', '1d')
      .option('--now <time>', 'the window that had closed last at this time (ISO 8601)')
      .option('--version <version>', 'version of the model (default: the newest)')
      .description('Write the monitoring page of a model as one HTML file')
      .addHelpText('after', REPORT_HELP),
    async (context, [name], options) =>
      (await import('./monitor/report.js')).report(context, name, options as unknown as ReportOptions),
  );
  withContext(
    decision(monitor.command('adopt').argument('<name>', "the model's"))
      .requiredOption('--from <time>', 'begin of the window, a full hour or a day')
      .requiredOption('--to <time>', 'its end')
      .description('Use a closed window as the reference of a model')
      .addHelpText('after', ADOPT_HELP),
    async (context, [name], options) =>
      (await import('./monitor/decide.js')).adopt(context, name, options as unknown as Parameters<typeof adopt>[2]),
  );
  withContext(
    decision(monitor.command('acknowledge').argument('<name>', "the model's").argument('<column>'))
      .description('Acknowledge the open alarms of a column')
      .addHelpText('after', ACKNOWLEDGE_HELP),
    async (context, [name, column], options) =>
      (await import('./monitor/decide.js')).see(context, name, column, options as unknown as DecisionOptions),
  );
  withContext(
    spanning(monitor.command('export').argument('<name>', "the model's"))
      .description('Export the predictions of a model with their labels, as Parquet or CSV')
      .addHelpText('after', EXPORT_HELP),
    async (context, [name], options) =>
      (await import('./monitor/export.js')).exportPredictions(context, name, options as unknown as ExportOptions),
  );
  withContext(
    monitor
      .command('forget')
      .argument('<id...>', 'of predictions')
      .option('--external-id', "the ids are the callers' own; erases all predictions of each", false)
      .description('Erase stored predictions')
      .addHelpText('after', FORGET_HELP),
    async (context, ids, options) => (await import('./monitor/forget.js')).forget(context, ids.flat(), options),
  );
  return monitor;
}
