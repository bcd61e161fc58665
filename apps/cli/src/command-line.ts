import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusyError, InputError, projectRoot, storageFailure, UserError } from '#kit';
import { EXIT } from './exit-codes.js';
import { dvcCommand } from './commands/dvc.command.js';
import { feedbackCommand } from './commands/feedback.command.js';
import { importCommand } from './commands/import.command.js';
import { initCommand } from './commands/init.command.js';
import { modelsCommand } from './commands/models.command.js';
import { dataCommand, monitorCommand } from './commands/monitor.command.js';
import { predictCommand } from './commands/predict.command.js';
import { CLEAR_LINE } from './progress-line.js';
import { renewCommand } from './commands/renew.command.js';
import { replayCommand } from './commands/replay.command.js';
import { rolloutCommand } from './commands/rollout.command.js';
import { receiveSignals } from './stop-signal.js';
import { stageCommands } from './commands/stages.command.js';
import { trackingCommand } from './commands/tracking.command.js';
import { workerCommand } from './commands/worker.command.js';

const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
const program = new Command('skewless')
  .version(version)
  // Behind a command, --version is an option of that command.
  .enablePositionalOptions()
  .description('Train, import, register, monitor and renew models. To start the server: npm start')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 2 invalid input, setting or data, 3 refused by an absolute bound of the gate, 74 storage failed, 75 another run is active, 130 stopped.\nFrom raw data to a served model: npx skewless run',
  );
const commands = [
  importCommand(),
  modelsCommand(),
  renewCommand(),
  rolloutCommand(),
  workerCommand(),
  monitorCommand(),
  dataCommand(),
  feedbackCommand(),
  replayCommand(),
  trackingCommand(),
  ...stageCommands(),
  initCommand(),
  predictCommand(),
  dvcCommand(),
];
// Registered only if no other command matches: its options require all of the training code.
if (!commands.some((command) => command.name() === process.argv[2])) {
  const { generateDataCommand } = await import('./commands/generate-data.command.js');
  commands.splice(1, 0, generateDataCommand());
}
for (const command of commands) program.addCommand(command);
throwRatherThanExit(program);

function throwRatherThanExit(command: Command): void {
  command.showHelpAfterError('(see --help)');
  command.exitOverride().commands.forEach(throwRatherThanExit);
}

/**
 * Prints errors that the user caused as a sentence; all others are faults of the program.
 * @returns the exit code
 */
function report(error: unknown): number {
  // Commander has already reported the fault of the command line, or shown the requested help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.badInput;
  const refusal = storageFailure(error);
  if (!refusal && !(error instanceof UserError)) throw error;
  // The line may show a progress bar.
  console.error(`${process.stderr.isTTY ? CLEAR_LINE : ''}error: ${refusal ?? (error as UserError).message}`);
  if (refusal) return EXIT.storage;
  if (error instanceof BusyError) return EXIT.busy;
  return error instanceof InputError && error.stopped ? EXIT.stopped : EXIT.badInput;
}

// A reader that closes the pipe, such as `head`, does not stop the work; a full disk under the output is a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exitCode = report(error);
});
process.stderr.on('error', () => undefined);

try {
  await receiveSignals();
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
