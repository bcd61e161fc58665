import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Another run is at work on the same files: that of a worker that died, which goes on without it. */
const BUSY = 75;
const BUSY_MILLISECONDS = 1_000;

interface RunEnd {
  readonly code: number | null;
  readonly killed: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], signal: AbortSignal): Promise<RunEnd> {
  return new Promise((resolve, reject) => {
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
      resolve({ code, killed, ...texts });
    });
  });
}

/**
 * Trains in a child: `skewless run NAME --as-challenger --json`. Where the run of a worker that died is still at work, it is waited for: what
 * that has done is not done again.
 *
 * @param hasFile whether the model has a file of its own; that of config.yaml has none, and no name
 */
export function runTraining(hasFile: (model: string) => boolean): Trainer {
  return async (model, signal, table) => {
    const name = hasFile(model) ? [model] : [];
    const data = table === undefined ? [] : ['--set', `data.path=${table}`];
    const args = [join(projectRoot(), 'dist/cli/main.js'), 'run', ...name, '--as-challenger', '--json', ...data];
    let end = await run(args, signal);
    while (end.code === BUSY && !signal.aborted) {
      await sleep(BUSY_MILLISECONDS);
      end = await run(args, signal);
    }
    const { code, killed, stdout, stderr } = end;
    if (code === 0 || code === 3) {
      const { outcome, version, reasons } = (JSON.parse(stdout) as PipelineResult).registration;
      return { outcome, version, reasons };
    }
    const said = stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^error: /, '');
    throw new UserError(said || `The training ended with ${killed ?? code}`);
  };
}
