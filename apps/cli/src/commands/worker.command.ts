import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Command } from 'commander';
import { projectRoot } from '#kit';

const HELP = `
Checks every renewal.pollSeconds for triggers (renewal.mode), runs jobs one after the other, each in a child process, and
advances rollouts by evidence. With --once it does this once and exits, for cron or a Kubernetes CronJob.

Examples:
  worker
  worker --once`;

/** `worker`: renews models, in a separate process. */
export function workerCommand(): Command {
  return new Command('worker')
    .option('--once', 'process what is due once, and exit', false)
    .description('Run the worker that renews models: triggers, trainings, rollouts')
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
