import { Command } from 'commander';
import { withContext } from '../command-context.js';

const MOVE_HELP = `
Stop the servers that write to the folder first; then set monitor.store (MONITOR_STORE) to the database and start them. The
folder stays as it is. Doing it again copies only what is missing.

Examples:
  monitor move --to postgres://skewless:secret@localhost/skewless`;

/** `monitor move`: from the embedded store into a database. */
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
  return monitor;
}
