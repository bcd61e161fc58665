import { Command } from 'commander';
import { withContext } from '../command-context.js';

const ACTIONS = {
  pause: 'Pause a rollout: requests stay split as they are',
  resume: 'Resume a paused rollout; in mode manual this starts the canary',
  promote: 'Make the challenger the champion now, without further evidence',
  rollback: 'End a rollout: the previous champion answers all requests again',
  abort: 'End a rollout before the challenger has become the champion, without a verdict',
} as const;

const STATES = `
States: shadow (the challenger scores rows after they were answered), canary (it answers a share of the requests), promoted,
watch (the champion from before stays loaded), settled, rolled_back; paused from anywhere. Servers follow within
models.watchSeconds, without a restart. history.jsonl in the model's folder records each step, when and why.
`;

const examples = (...lines: readonly string[]): string =>
  [STATES, 'Examples:', ...lines.map((line) => `  rollout ${line}`)].join('\n');

/** `rollout status|start|pause|resume|promote|rollback|abort`. */
export function rolloutCommand(): Command {
  const rollout = new Command('rollout').description('Let a new version take over step by step, or roll it back');
  withContext(
    rollout
      .command('status')
      .argument('[model]', 'default: all models')
      .description('Show the state of the rollouts')
      .addHelpText('after', examples('status', 'status random_forest --json | jq .state')),
    async (context, [model]) => (await import('./rollout/status.js')).status(context, model),
  );
  withContext(
    rollout
      .command('start')
      .argument('<model>')
      .argument('[version]', 'a version, or an alias', 'challenger')
      .option('--steps <percents>', 'comma-separated percentages of the canary (default: renewal.steps)')
      .option('--mode <mode>', 'manual: a person starts the canary; auto (default: renewal.mode)')
      .option('--reason <text>', 'recorded in the history', 'started by hand')
      .description('Start the rollout of a version')
      .addHelpText('after', examples('start random_forest 2', 'start random_forest 2 --steps 5,50 --mode auto')),
    async (context, [model, version], given) =>
      (await import('./rollout/start.js')).start(context, model, version, given as { reason: string }),
  );
  for (const [action, sentence] of Object.entries(ACTIONS)) {
    withContext(
      rollout
        .command(action)
        .argument('<model>')
        .option('--reason <text>', 'recorded in the history', 'by hand')
        .description(sentence)
        .addHelpText('after', examples(`${action} random_forest --reason "asked by the owner"`)),
      async (context, [model], { reason }) =>
        (await import('./rollout/act.js')).act(context, model, action as keyof typeof ACTIONS, reason as string),
    );
  }
  return rollout;
}
