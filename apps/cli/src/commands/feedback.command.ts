import { Command } from 'commander';
import { withContext } from '../command-context.js';

const HELP = `
The header names prediction_id or external_id, label and, optionally, observed_at (ISO 8601). Labels may come late, in any
order and several times: the latest observed label of a prediction counts.

Examples:
  feedback import labels.csv --json`;

/** `feedback import`. */
export function feedbackCommand(): Command {
  const feedback = new Command('feedback').description('Import labels: the true outcomes of predictions');
  withContext(
    feedback
      .command('import')
      .argument('<labels.csv>')
      .description('Import labels from a CSV file of any size')
      .addHelpText('after', HELP),
    async (context, [file]) => (await import('./feedback/import.js')).importLabels(context, file),
  );
  return feedback;
}
