import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';
import { within } from './within.js';

/** The longest command of a test trains a model several times. */
export const COMMAND_SECONDS = 240;

/** The result of a command. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the built project in a temporary folder, where commands may change anything. */
export class Workspace {
  readonly root = temporaryFolder();

  constructor() {
    for (const part of [
      'dist/cli',
      'dist/worker',
      'dist/libs',
      'config',
      'data/raw',
      'dvc.yaml',
      'models',
      'package.json',
    ]) {
      cpSync(part, join(this.root, part), { recursive: true });
    }
    mkdirSync(join(this.root, 'tmp'));
    symlinkSync(join(process.cwd(), 'node_modules'), join(this.root, 'node_modules'));
  }

  start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    return this.spawn([], {}, args);
  }

  /** As {@link start}, with environment variables. */
  startWith(environment: NodeJS.ProcessEnv, ...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    return this.spawn([], environment, args);
  }

  private spawn(
    options: string[],
    environment: NodeJS.ProcessEnv,
    args: string[],
  ): { child: ChildProcess; ended: Promise<Ended>; texts: { stdout: string; stderr: string } } {
    const command = [...options, 'dist/cli/main.js', ...args];
    const env = { ...process.env, TMPDIR: join(this.root, 'tmp'), ...environment };
    const child = spawn(process.execPath, command, { cwd: this.root, env });
    const texts = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => (texts[stream] += text));
    }
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal, ...texts })),
    );
    return { child, ended, texts };
  }

  /** Runs a command to its end; kills it, and throws what it has printed, when that does not come. */
  private async finish(options: string[], environment: NodeJS.ProcessEnv, args: string[]): Promise<Ended> {
    const { child, ended, texts } = this.spawn(options, environment, args);
    const what = (): string => `the end of skewless ${args.join(' ')}\n${texts.stdout}${texts.stderr}`;
    try {
      return await within(ended, what, COMMAND_SECONDS);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  run(...args: string[]): Promise<Ended> {
    return this.finish([], {}, args);
  }

  /** As {@link run}, with environment variables. */
  runWith(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
    return this.finish([], environment, args);
  }

  /** Runs a command and kills it just before its n-th file operation that changes something below a folder. */
  runKilledAt(n: number, folder: string, ...args: string[]): Promise<Ended> {
    const preload = join(import.meta.dirname, 'preload/killed-at.cjs');
    return this.finish(['--require', preload], { KILL_AT: String(n), KILL_BELOW: folder }, args);
  }

  /** Runs a command and copies a folder before each operation that changes something below it: to 1, 2, 3 ... */
  runRecorded(to: string, folder: string, ...args: string[]): Promise<Ended> {
    const preload = join(import.meta.dirname, 'preload/recorded.cjs');
    return this.finish(['--require', preload], { RECORD_TO: to, RECORD_BELOW: folder }, args);
  }

  /** Runs a worker until the training that it began has written a file and kills it, with the command: see preload/orphaned.cjs. */
  runOrphaned(file: string, ...args: string[]): Promise<Ended> {
    const preload = join(import.meta.dirname, 'preload/orphaned.cjs');
    return this.finish([], { NODE_OPTIONS: `--require ${preload}`, ORPHANED_BY: join(this.root, file) }, args);
  }

  /**
   * Runs a command that gets SIGINT, as by Ctrl-C, just before its n-th operation that changes a file; 0: at the start.
   */
  runStoppedAt(n: number, ...args: string[]): Promise<Ended> {
    return this.stopped(2, n, args);
  }

  /** Runs a command that gets SIGINT while it loads. */
  runStoppedAtOnce(...args: string[]): Promise<Ended> {
    return this.stopped(1, 0, args);
  }

  private stopped(listener: number, operation: number, args: string[]): Promise<Ended> {
    const preload = join(import.meta.dirname, 'preload/stopped-at.cjs');
    const when = { STOP_LISTENER: String(listener), STOP_AT: String(operation), STOP_BELOW: this.root };
    return this.finish(['--require', preload], when, args);
  }

  /** Runs a command with `--json` and parses its result. */
  async json(...args: string[]): Promise<any> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (stdout === '') throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  bytes(path: string): Buffer {
    return readFileSync(join(this.root, path));
  }

  /** Replaces a file's text atomically, so that concurrent readers see the old text or the new one. */
  edit(path: string, change: (text: string) => string): void {
    const whole = join(this.root, `${path}.new`);
    writeFileSync(whole, change(this.bytes(path).toString()));
    renameSync(whole, join(this.root, path));
  }
}
