import { Command } from 'commander';
import { ConfigError } from '#config';
import { PipelineError } from '#features';
import { LearnerError } from '#forest';
import { BundleError } from '#registry';
import { TrackingError } from '#tracking';
import { EXIT } from './exit-codes.js';
import { generateDataCommand } from './generate-data/generate-data.command.js';
import { importCommand } from './import/import.command.js';
import { InputError } from './input.error.js';
import { modelsCommand } from './models/models.command.js';
import { CLEAR_LINE } from './progress-line.js';
import { storageFailure } from './storage-failure.js';
import { stageCommands } from './stages/stages.command.js';
import { trackingCommand } from './stages/tracking.command.js';

/** What went wrong for the user's reasons: told in a sentence. Anything else is a fault of the program. */
const SENTENCES = [InputError, BundleError, PipelineError, ConfigError, LearnerError, TrackingError];

const program = new Command('pipeline')
  .description('Skewless on the command line: everything about models that is not serving them')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 2 wrong input, setting or data, 3 refused by the gate, 74 storage failed, 130 stopped.\nFrom raw data to a served model: npm run pipeline -- run',
  )
  .addCommand(importCommand())
  .addCommand(generateDataCommand())
  .addCommand(modelsCommand())
  .addCommand(trackingCommand());
for (const command of stageCommands()) program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  const refusal = storageFailure(error);
  if (!refusal && !SENTENCES.some((type) => error instanceof type)) throw error;
  // A bar may stand in the line.
  console.error(`${process.stderr.isTTY ? CLEAR_LINE : ''}error: ${refusal ?? (error as Error).message}`);
  if (refusal) process.exitCode = EXIT.storage;
  else process.exitCode = error instanceof InputError && error.stopped ? EXIT.stopped : EXIT.badInput;
}
