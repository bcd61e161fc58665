import { spawnSync, type SpawnSyncOptions } from 'node:child_process';

interface NodeRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a script of this project with Node. While it runs, this process does nothing else: no time limit of Jest ends it.
 *
 * @throws Error when it has not ended in time
 */
export function runNode(
  args: readonly string[],
  { seconds = 240, ...options }: SpawnSyncOptions & { readonly seconds?: number } = {},
): NodeRun {
  const limits = { timeout: seconds * 1_000, killSignal: 'SIGKILL' } as const;
  const ended = spawnSync(process.execPath, args, { ...options, ...limits, encoding: 'utf8' });
  if (ended.error) {
    const message = `node ${args.join(' ')}: ${ended.error.message} after ${seconds} s at most`;
    throw new Error(`${message}\n${ended.stdout}${ended.stderr}`, { cause: ended.error });
  }
  const { status, signal, stdout, stderr } = ended;
  return { status, signal, stdout, stderr };
}
