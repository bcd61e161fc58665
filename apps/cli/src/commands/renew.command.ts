import { Command } from 'commander';
import { homeFolder } from '#config';
import { withContext } from '../command-context.js';

const HELP = `
A worker ("skewless worker") trains the model; a version that passes the gate starts a rollout ("rollout status"). If a job is already
queued or running, that job is returned.

Examples:
  renew customers
  renew customers --reason "new price list" --json | jq -r .job`;

/** `renew NAME`: requests a training. */
export function renewCommand(): Command {
  return withContext(
    new Command('renew')
      .argument('<model>')
      .option('--reason <text>', 'recorded with the job', 'by hand')
      .description('Queue a retraining and rollout of a model')
      .addHelpText('after', HELP),
    async ({ config, print }, [model], { reason }) => {
      const [{ FileQueue }, { openTrainedModel }] = await Promise.all([import('#renewal'), import('#training')]);
      openTrainedModel(homeFolder(process.env), model, config.training.model);
      const queue = new FileQueue(config.renewal.jobs);
      const { job, isNew } = await queue.add(model, { kind: 'hand', reason: reason as string });
      print({ job: job.id, isNew }, () =>
        console.log(
          `${model}: job ${job.id} ${isNew ? 'is queued; a worker trains it: npx skewless worker' : `is ${job.state} already`}.`,
        ),
      );
    },
  );
}
