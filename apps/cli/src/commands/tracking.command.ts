import { Command } from 'commander';
import { withContext } from '../command-context.js';

const HELP = `
Each run is recorded in tracking.directory first, and sent while it goes on where MLFLOW_TRACKING_URI names a server. What
that server has not taken, as it was down or there was none, is sent by this command, as often as it takes.

Examples:
  MLFLOW_TRACKING_URI=http://localhost:5000 tracking push
  tracking push --set tracking.uri=http://localhost:5000 --json`;

/** `tracking push`: sends recorded runs that an MLflow server lacks. */
export function trackingCommand(): Command {
  const tracking = new Command('tracking').description('Send the records of runs to an MLflow server');
  withContext(
    tracking
      .command('push')
      .description('Send the locally recorded runs to the MLflow server; nothing is sent twice')
      .addHelpText('after', HELP),
    async ({ config, print, signal }) => {
      const { trackerOf, warningsOf } = await import('#training');
      const reports = await trackerOf(config, signal).push();
      print(reports, () => {
        for (const report of reports) {
          console.log(`${report.folder}: ${report.sent} sent, ${report.pending} pending`);
          for (const warning of warningsOf(report)) console.error(`warning: ${warning}`);
        }
        if (reports.length === 0) console.log('Nothing was left to send.');
      });
    },
  );
  return tracking;
}
