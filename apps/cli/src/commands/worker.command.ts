import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Command } from 'commander';
import { projectRoot } from '#kit';

const HELP = `
Looks every renewal.pollSeconds for triggers (renewal.mode), does jobs one after the other, each in a child process, and moves rollouts by
evidence. With --once it looks once, does what is queued, and ends: for a schedule of the system, or a CronJob of Kubernetes.

Examples:
  worker
  worker --once`;

/** `worker`: renews models, in a separate process. */
export function workerCommand(): Command {
  return new Command('worker')
    .option('--once', 'look once, do what is queued, and end', false)
    .description('Renew models: triggers, trainings, rollouts')
    .addHelpText('after', HELP)
    .action(async ({ once: isOnce }: { once: boolean }) => {
      const args = [join(projectRoot(), 'dist/worker/main.js'), ...(isOnce ? ['--once'] : [])];
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.removeAllListeners(signal).on(signal, () => child.kill(signal));
      }
      const [code] = (await once(child, 'close')) as [number | null];
      process.exitCode = code ?? 1;
    });
}
