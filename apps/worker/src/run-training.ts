import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot, UserError } from '#kit';
import type { Trainer } from '#renewal';

/** More than any result of a run. */
const OUTPUT_CHARACTERS = 4_000_000;
/** What a training that is told to stop may take to leave nothing half-written. */
const PATIENCE_MILLISECONDS = 10_000;

interface PipelineResult {
  readonly registration: {
    readonly outcome: string;
    readonly version: string | null;
    readonly reasons: readonly string[];
  };
}

/**
 * Trains in a child: `skewless run NAME --as-challenger --json`.
 *
 * @param hasFile whether the model has a file of its own; that of config.yaml has none, and no name
 */
export function runTraining(hasFile: (model: string) => boolean): Trainer {
  return (model, signal, table) =>
    new Promise((resolve, reject) => {
      const name = hasFile(model) ? [model] : [];
      const data = table === undefined ? [] : ['--set', `data.path=${table}`];
      const args = [join(projectRoot(), 'dist/cli/main.js'), 'run', ...name, '--as-challenger', '--json', ...data];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const texts = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (text: string) => {
          texts[stream] = (texts[stream] + text).slice(-OUTPUT_CHARACTERS);
        });
      }
      const stop = (): void => {
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), PATIENCE_MILLISECONDS).unref();
      };
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      child.once('error', reject);
      child.once('close', (code, killed) => {
        signal.removeEventListener('abort', stop);
        if (code === 0 || code === 3) {
          const { registration } = JSON.parse(texts.stdout) as PipelineResult;
          const { outcome, version, reasons } = registration;
          return resolve({ outcome, version, reasons });
        }
        const said = texts.stderr
          .trim()
          .split('\n')
          .at(-1)
          ?.replace(/^error: /, '');
        reject(new UserError(said || `The training ended with ${killed ?? code}`));
      });
    });
}
