import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import { freePort, PATIENCE_SECONDS, until, within } from '#testing';

const MAIN = 'dist/api/main.js';

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

export interface ProcessAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A line that the server logged. */
export type LogLine = Readonly<Record<string, unknown>> & {
  readonly pid: number;
  readonly time: number;
  readonly msg: string;
};

/** Where a server's log goes: unread until {@link ServerProcess.readLog}, or to an open file. */
export type ServerLog = 'unread' | number;

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** `node dist/api/main.js` as a separate process. */
export class ServerProcess {
  private static readonly running = new Set<ServerProcess>();
  stdout = '';
  stderr = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<Exit>;

  private constructor(
    readonly port: number,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    log?: ServerLog,
  ) {
    const settings = {
      HOST: '127.0.0.1',
      PORT: String(port),
      GRPC_PORT: '0',
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
      DRAIN_SECONDS: '0',
      MONITOR_ENABLED: 'false',
    };
    this.child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...settings, ...environment },
      stdio: ['ignore', typeof log === 'number' ? log : 'pipe', 'pipe'],
    });
    if (log === undefined) this.readLog();
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.closed = once(this.child, 'close').then(([code, signal]) => {
      ServerProcess.running.delete(this);
      return { code: code as number | null, signal: signal as string | null };
    });
    ServerProcess.running.add(this);
  }

  /** @param environment overrides a default environment that makes it quick, local and on a free port */
  static async start(
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
    log?: ServerLog,
  ): Promise<ServerProcess> {
    return new ServerProcess(await freePort(), args, environment, log);
  }

  /** Starts a server and waits until it is ready. */
  static async ready(
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
    log?: ServerLog,
  ): Promise<ServerProcess> {
    const server = await ServerProcess.start(args, environment, log);
    await server.answers('/health/ready');
    return server;
  }

  /** Kills all processes that still run, including workers; for `afterEach`. */
  static async killAll(): Promise<void> {
    await Promise.all(
      [...ServerProcess.running].map(async (server) => {
        server.signal('SIGKILL');
        for (const pid of server.pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
        await server.ended;
      }),
    );
  }

  /** Waits until the process has ended and all its output has arrived; fails with its output when it does not. */
  get ended(): Promise<Exit> {
    return within(this.closed, () => `the end of the server\n${this.stdout}${this.stderr}`);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The log so far. */
  get lines(): LogLine[] {
    return this.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  }

  /**
   * The processes with a ready model, each listed once however many versions it loads, in order of their first load.
   */
  get pids(): number[] {
    const ready = this.lines.filter(({ msg }) => msg.includes('golden rows reproduced'));
    return [...new Set(ready.map(({ pid }) => pid))];
  }

  /** Reads the log from now on. */
  readLog(): void {
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
  }

  /** The number of log lines that could not be written, from its metrics. */
  async droppedLines(): Promise<number> {
    const { text } = await this.ask('/metrics');
    return Number(/^skewless_log_lines_dropped_total (\d+)$/m.exec(text)![1]);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /**
   * Waits for a condition that needs this server; fails with its output if it has ended or the condition never holds.
   */
  async until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
    const lookAtRunning = (): ReturnType<typeof look> => {
      if (!ServerProcess.running.has(this)) throw new Error('The server has ended');
      return look();
    };
    try {
      return await until(lookAtRunning, { condition: look.toString() });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.stdout}${this.stderr}`, { cause: error });
    }
  }

  /** Waits until a path answers 200. */
  async answers(path: string): Promise<void> {
    await this.until(() =>
      this.ask(path).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  }

  /** Sends a request; without an agent, on a new connection. */
  ask(path: string, { body, agent = false }: { body?: string; agent?: Agent | false } = {}): Promise<ProcessAnswer> {
    return this.open(path, { method: body === undefined ? 'GET' : 'POST', agent }).finish(body);
  }

  /** Starts a request and leaves it open: `finish` sends the rest and waits for the answer. */
  open(
    path: string,
    { method = 'POST', agent = false, begin = '' }: { method?: string; agent?: Agent | false; begin?: string } = {},
  ): { finish: (rest?: string) => Promise<ProcessAnswer> } {
    const headers = { 'content-type': 'application/json' };
    const opened = request({ host: '127.0.0.1', port: this.port, path, method, agent, headers });
    opened.setTimeout(PATIENCE_SECONDS * 500, () => opened.destroy(new Error(`${method} ${path}: no answer`)));
    const answer = new Promise<ProcessAnswer>((resolve, reject) => {
      opened.once('error', reject).once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response
          .once('error', reject)
          .once('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      });
    });
    answer.catch(() => undefined);
    if (begin) opened.write(begin);
    return {
      finish: (rest) => {
        opened.end(rest);
        return answer;
      },
    };
  }
}
