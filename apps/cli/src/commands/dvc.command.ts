import { Command } from 'commander';
import { withContext } from '../command-context.js';

const HELP = `
"run <name>" needs no DVC and keeps its own record. A team that runs its pipelines by DVC puts these stages into the dvc.yaml
of the folder that holds config/models (SKEWLESS_HOME, or else the project).

Examples:
  dvc customers > dvc.yaml`;

/** `dvc NAME`: the stages of a model with a file of its own, for DVC. */
export function dvcCommand(): Command {
  const command = new Command('dvc')
    .description('Print the stages of a model for a dvc.yaml')
    .argument('<name>', 'the model of config/models/<name>.yaml')
    .addHelpText('after', HELP);
  return withContext(command, async ({ config, print }) => {
    const { ownStages, ownStagesAsDvc } = await import('#training');
    print(ownStages(config), () => process.stdout.write(ownStagesAsDvc(config)));
  });
}
