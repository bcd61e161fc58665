import { Command } from 'commander';
import { withContext } from '../command-context.js';

const HELP = `
The first line names prediction_id or external_id, label, and at will observed_at (ISO 8601). Labels may come late, in any
order and several times: of one prediction the latest observed counts.

Examples:
  feedback import labels.csv --json`;

/** `feedback import`. */
export function feedbackCommand(): Command {
  const feedback = new Command('feedback').description('What predictions should have been');
  withContext(
    feedback
      .command('import')
      .argument('<labels.csv>')
      .description('Take the labels of a CSV file, however many')
      .addHelpText('after', HELP),
    async (context, [file]) => (await import('./feedback/import.js')).importLabels(context, file),
  );
  return feedback;
}
