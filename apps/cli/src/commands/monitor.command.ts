import { Command } from 'commander';
import { withContext } from '../command-context.js';
import type { adopt, DecisionOptions } from './monitor/decide.js';

const MOVE_HELP = `
Stop the servers that write to the folder first; then set monitor.store (MONITOR_STORE) to the database and start them. The
folder stays as it is. Doing it again copies only what is missing.

Examples:
  monitor move --to postgres://skewless:secret@localhost/skewless`;

const RUN_HELP = `
Closes all windows that are due and judges them, as one of the servers does every five minutes: for cron, where no server
runs, or to see the result at once. Running it again changes nothing.

Exit codes: 0 done, 3 an alarm is open and --fail-on-alarm was given, 75 somebody else is at it.

Examples:
  monitor run --once
  monitor run --once --now 2026-12-01T01:00:00Z --fail-on-alarm --json`;

const ADOPT_HELP = `
"This is the new normal": later windows are compared with the counts of this one, and open episodes close. Who decided it
and why is kept with the alarms.

Examples:
  monitor adopt customers --from 2026-11-23 --to 2026-11-30 --reason "new price list"`;

const ACKNOWLEDGE_HELP = `
Examples:
  monitor acknowledge customers tenure --reason "asked the shop, fix comes on Monday"`;

/** What all decisions take. */
const decision = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why')
    .option('--by <name>', 'who decides (default: the user of this machine)')
    .option('--version <version>', "the model's (default: the newest)");

/** `monitor`: what is kept of predictions, and what is decided about it. */
export function monitorCommand(): Command {
  const monitor = new Command('monitor').description('What is kept of predictions, and what it shows');
  withContext(
    monitor
      .command('move')
      .requiredOption('--to <url>', 'postgres://user:password@host/database')
      .description('Copy what the folder monitor.store keeps into a PostgreSQL database')
      .addHelpText('after', MOVE_HELP),
    async (context, _, { to }) => (await import('./monitor/move.js')).move(context, to as string),
  );
  withContext(
    monitor
      .command('run')
      .option('--once', 'watch now, and end')
      .option('--now <time>', 'as if it were this time (ISO 8601)')
      .option('--fail-on-alarm', 'exit with 3 where an alarm is open')
      .description('Close and judge the windows that are due')
      .addHelpText('after', RUN_HELP),
    async (context, _, options) => (await import('./monitor/run.js')).run(context, options),
  );
  withContext(
    decision(monitor.command('adopt').argument('<name>', "the model's"))
      .requiredOption('--from <time>', 'begin of the window, a full hour or a day')
      .requiredOption('--to <time>', 'its end')
      .description('Make a closed window the reference of a model')
      .addHelpText('after', ADOPT_HELP),
    async (context, [name], options) =>
      (await import('./monitor/decide.js')).adopt(context, name, options as unknown as Parameters<typeof adopt>[2]),
  );
  withContext(
    decision(monitor.command('acknowledge').argument('<name>', "the model's").argument('<column>'))
      .description('Note that the open episodes of a column were seen')
      .addHelpText('after', ACKNOWLEDGE_HELP),
    async (context, [name, column], options) =>
      (await import('./monitor/decide.js')).see(context, name, column, options as unknown as DecisionOptions),
  );
  return monitor;
}
