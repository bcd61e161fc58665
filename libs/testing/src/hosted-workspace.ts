import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { within } from './within.js';
import { COMMAND_SECONDS, type Ended, Workspace } from './workspace.js';

/**
 * A workspace that runs its commands one at a time in a single process, for specs of what commands do. Commands of
 * `start`, and those that are killed or stopped, still get processes of their own; so does `worker`, which forks.
 */
export class HostedWorkspace extends Workspace {
  private host?: ChildProcess;
  private last: Promise<unknown> = Promise.resolve();

  constructor() {
    super();
    afterAll(async () => {
      if (this.host?.kill('SIGKILL')) await once(this.host, 'exit');
    });
  }

  override run(...args: string[]): Promise<Ended> {
    return this.runWith({}, ...args);
  }

  override runWith(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
    if (args[0] === 'worker') return super.runWith(environment, ...args);
    const ended = this.last.then(() => this.ask(args, environment));
    this.last = ended.catch(() => undefined);
    return ended;
  }

  private async ask(args: string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
    const host = (this.host ??= this.begin());
    const gone = once(host, 'exit').then(([code, signal]) => {
      throw new Error(`The process that runs commands ended (${code ?? signal}) at ${args.join(' ')}`);
    });
    gone.catch(() => undefined);
    host.send({ args, environment });
    const answer = Promise.race([once(host, 'message') as Promise<[Ended]>, gone]);
    try {
      const [ended] = await within(answer, () => `the end of skewless ${args.join(' ')}`, COMMAND_SECONDS);
      return ended;
    } catch (error) {
      // It may still run the command.
      host.kill('SIGKILL');
      this.host = undefined;
      throw error;
    }
  }

  private begin(): ChildProcess {
    const env = { ...process.env, TMPDIR: join(this.root, 'tmp') };
    const script = join(import.meta.dirname, 'preload/command-host.cjs');
    return fork(script, { cwd: this.root, env, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }
}
