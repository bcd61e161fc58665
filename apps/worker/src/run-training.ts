import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot, UserError } from '#kit';
import type { Trainer } from '#renewal';

/** Larger than the output of any run. */
const OUTPUT_CHARACTERS = 4_000_000;
/** Grace period between SIGTERM and SIGKILL, in which a training finishes its writes. */
const GRACE_MILLISECONDS = 10_000;

interface PipelineResult {
  readonly registration: {
    readonly outcome: string;
    readonly version: string | null;
    readonly reasons: readonly string[];
  };
}

/** Exit code while another run uses the same files: the child of a worker that died, which is still running. */
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
      setTimeout(() => child.kill('SIGKILL'), GRACE_MILLISECONDS).unref();
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
 * Trains in a child process: `skewless run NAME --as-challenger --json`. Where the run of a dead worker is still in progress, it waits for
 * that run, whose results the next one reuses.
 *
 * @param hasFile whether the model has its own file; the model of config.yaml has none, and is run without a name
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
    const message = stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^error: /, '');
    throw new UserError(message || `The training ended with ${killed ?? code}`);
  };
}
