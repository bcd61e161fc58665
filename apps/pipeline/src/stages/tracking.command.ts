import { Command } from 'commander';
import { withContext } from '../command-context.js';
import { trackerOf } from './track-run.js';

/** `tracking push`: sends what an MLflow server does not have yet. */
export function trackingCommand(): Command {
  const tracking = new Command('tracking').description('The records of runs');
  withContext(
    tracking
      .command('push')
      .description('Send the runs of the local store to the MLflow server; nothing is sent twice'),
    async ({ config, print, signal }) => {
      const reports = await trackerOf(config, signal).push();
      print(reports, () => {
        for (const { folder, sent, pending } of reports) console.log(`${folder}: ${sent} sent, ${pending} pending`);
        if (reports.length === 0) console.log('Nothing was left to send.');
      });
    },
  );
  return tracking;
}
