import { Command } from 'commander';
import { PipelineError } from '#features';
import { BundleError } from '#registry';
import { importCommand } from './import/import.command.js';
import { InputError } from './input.error.js';

const EXIT_BAD_INPUT = 2;

const program = new Command('pipeline')
  .description('Skewless on the command line: everything about models that is not serving them')
  .addCommand(importCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof InputError || error instanceof BundleError || error instanceof PipelineError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = EXIT_BAD_INPUT;
}
