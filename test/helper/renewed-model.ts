import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { generateKey } from '../../apps/api/src/security/keys/api-key.js';
import { HOUR, RandomStream } from '#kit';
import { type MonitorStore, openStore } from '#monitoring';
import { HostedWorkspace, until } from '#testing';
import { ServerProcess } from './server-process.js';

const MODEL = 'customers';
const MINUTE = 60_000;
/** This many callers send requests at once, followed by a pause, so that the training and the watch get CPU time. */
const CALLERS = 20;
const PAUSE_MILLISECONDS = 200;
/** How long a step of a renewal is waited for: some hold a training and the answers to hundreds of callers. */
const RENEWAL_SECONDS = 240;

/** A row, and its true label. */
interface Customer {
  readonly row: { readonly a: number; readonly b: number; readonly c: number };
  readonly label: 'yes' | 'no';
}

interface Logged {
  readonly id: string;
  readonly version: string;
  readonly label: string | null;
}

interface RenewedModelOptions {
  /** Number of servers on the same models folder. */
  readonly hosts: number;
}

/**
 * A model that is served by real processes, renewed by another process, and used by callers who learn the labels later.
 */
export class RenewedModel {
  private readonly workspace = new HostedWorkspace();
  private readonly random = new RandomStream(19, 41);
  private readonly key = generateKey('ops', ['admin', 'predict', 'feedback']);
  private readonly servers: ServerProcess[] = [];
  private worker?: ReturnType<HostedWorkspace['startWith']>;
  private store?: string;
  private callers = 0;
  private settings = {};
  /** The version of each answer, by the answer's id. */
  readonly answered = new Map<string, string>();
  /** The same for each server. */
  readonly byServer: Map<string, number>[] = [];

  constructor(private readonly options: RenewedModelOptions) {}

  /** Sets `monitor.store`; default is the folder of the workspace. */
  keepIn(store: string): void {
    this.store = store;
  }

  private get environment(): Record<string, string> {
    return {
      SKEWLESS_HOME: this.workspace.root,
      API_KEYS: this.key.line,
      MONITOR_ENABLED: 'true',
      MODELS_WATCH_SECONDS: '1',
      RENEWAL_POLL_SECONDS: '0.5',
      ...(this.store !== undefined && { MONITOR_STORE: this.store }),
    };
  }

  private path(...names: string[]): string {
    return join(this.workspace.root, ...names);
  }

  /** @param moved whether `c`, which the label does not depend on, is outside the range of training */
  private draw(moved: boolean): Customer {
    const [a, b, noise, c] = [0, 1, 2, 3].map(() => Number((this.random.uniform() - 0.5).toFixed(4)));
    return { row: { a, b, c: moved ? c + 4 : c }, label: a + b + noise / 1.5 > 0 ? 'yes' : 'no' };
  }

  /** Writes the training table: distributed like the callers' rows, or with the wrong sign of `a` and `b`. */
  deliver(rows: number, sign: 1 | -1 = 1): void {
    const lines = Array.from({ length: rows }, (_, i) => {
      const { row, label } = this.draw(false);
      return `${i},${sign * row.a},${sign * row.b},${row.c},${label}\n`;
    });
    writeFileSync(this.path('customers.csv'), `id,a,b,c,label\n${lines.join('')}`);
  }

  /** Changes the renewal settings in the model's own file. */
  renew(settings: object): void {
    this.settings = { ...this.settings, ...settings };
    this.workspace.edit(`config/models/${MODEL}.yaml`, (text) =>
      text.replace(/^renewal:.*$/m, `renewal: ${JSON.stringify(this.settings)}`),
    );
  }

  /** Trains the first version, and starts the servers and the worker. */
  async start(): Promise<void> {
    this.deliver(1_500);
    await this.run('init', this.path('customers.csv'), '--target', 'label', '--name', MODEL);
    this.workspace.edit(`config/models/${MODEL}.yaml`, (text) =>
      text
        .replace(/^training:.*$/m, 'training: { algorithm: logistic_regression, folds: 0 }')
        .replace(/^monitor:.*$/m, 'monitor: { rows: all }'),
    );
    await this.run('run', MODEL);
    for (let host = 0; host < this.options.hosts; host++) {
      this.servers.push(await ServerProcess.ready([], this.environment));
      this.byServer.push(new Map());
    }
    this.worker = this.workspace.startWith(this.environment, 'worker');
  }

  /** @returns its output */
  async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.workspace.runWith(this.environment, ...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  private async send(host: number, path: string, body?: object, headers = {}): Promise<any> {
    const answer = await fetch(`http://127.0.0.1:${this.servers[host].port}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${this.key.key}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** The state of the renewal, as a server reports it. */
  async status(host = 0): Promise<any> {
    return this.send(host, `/models/${MODEL}/rollout`);
  }

  /**
   * Sends a caller's request.
   * @returns its label, in the form of `POST /feedback`
   */
  private async ask(host: number, moved: boolean): Promise<object> {
    const caller = `caller ${this.callers++}`;
    const { row, label } = this.draw(moved);
    const answer = await this.send(host, `/models/${MODEL}/predict`, row, { 'x-routing-key': caller });
    const version = String(answer.model_version);
    this.answered.set(answer.prediction_id as string, version);
    const counts = this.byServer[host];
    counts.set(version, (counts.get(version) ?? 0) + 1);
    return { prediction_id: answer.prediction_id, label };
  }

  /** Sends requests to each server, and on demand their labels. */
  private async askAll({ isLabelled, moved }: { isLabelled: boolean; moved: boolean }): Promise<void> {
    for (const host of this.servers.keys()) {
      const callers = Array.from({ length: CALLERS / this.servers.length }, () => this.ask(host, moved));
      const labels = await Promise.all(callers);
      if (!isLabelled) continue;
      const { accepted } = await this.send(host, '/feedback', { labels });
      if (accepted !== labels.length) throw new Error(`${accepted} of ${labels.length} labels were accepted`);
    }
    await sleep(PAUSE_MILLISECONDS);
  }

  /** Waits for a condition; if it never holds, the error shows the state of the renewal. */
  async until(isSo: () => boolean | Promise<boolean>, condition = isSo.toString()): Promise<void> {
    try {
      await until(isSo, { seconds: RENEWAL_SECONDS, condition });
    } catch (error) {
      const told = { status: await this.status(), steps: this.steps(), jobs: this.jobs(), answers: this.byServer };
      throw new Error(`${(error as Error).message}\n${inspect(told, { depth: 9 })}`, { cause: error });
    }
  }

  /**
   * Callers send requests until a condition holds.
   *
   * @param isLabelled whether callers send labels
   * @param moved as in {@link draw}
   */
  async askUntil(
    isSo: () => boolean | Promise<boolean>,
    { isLabelled = true, moved = true }: { isLabelled?: boolean; moved?: boolean } = {},
  ): Promise<void> {
    await this.until(async () => {
      if (await isSo()) return true;
      await this.askAll({ isLabelled, moved });
      return false;
    }, isSo.toString());
  }

  /**
   * Simulates the next hour: appends the counts of this hour to eleven minutes of the next, and runs the watch as at
   * its end.
   */
  async nextHour(): Promise<string> {
    const store = await this.open();
    const now = Date.now();
    const next = now - (now % HOUR) + HOUR;
    try {
      const counts = await until(async () => {
        const found = await store.counts({ model: MODEL, scale: 'minute', from: next - 2 * HOUR, to: next });
        return found.length > 0 && found;
      });
      await store.append({
        producer: 'servers of the next hour',
        sequence: 1,
        counts: counts.flatMap((count) =>
          Array.from({ length: 11 }, (_, minute) => ({ ...count, time: next + minute * MINUTE })),
        ),
      });
    } finally {
      await store.close();
    }
    return this.run('monitor', 'run', '--once', '--now', new Date(next + HOUR + 3 * MINUTE).toISOString());
  }

  /** The jobs of the queue, oldest first. */
  jobs(): any[] {
    const folder = this.path('renewal');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return names.sort().map((name) => JSON.parse(readFileSync(this.path('renewal', name), 'utf8')));
  }

  /** The steps of all rollouts, with the new state and the reason. */
  steps(): { readonly id: string; readonly state: string; readonly why: string }[] {
    const lines = readFileSync(this.path('models', MODEL, 'history.jsonl'), 'utf8')
      .trim()
      .split('\n');
    return lines.flatMap((line) => {
      const { rollout, why } = JSON.parse(line);
      return rollout ? [{ id: rollout.file.id, state: rollout.file.state, why }] : [];
    });
  }

  private open(): Promise<MonitorStore> {
    return openStore({
      store: this.store ?? this.path('monitor'),
      schema: 'skewless_monitor',
      maxBytes: 2 ** 30,
    });
  }

  /** Rows of the log, of all versions or of one. */
  private async rows(version?: string): Promise<Logged[]> {
    const store = await this.open();
    const rows: Logged[] = [];
    try {
      const of = { model: MODEL, from: 0, to: Date.now() + HOUR, ...(version !== undefined && { version }) };
      for await (const row of store.predictions(of)) rows.push(row);
    } finally {
      await store.close();
    }
    return rows;
  }

  /** The number of logged answers of a version with a label. */
  async labelled(version: string): Promise<number> {
    return (await this.rows(version)).filter(({ label }) => label !== null).length;
  }

  /** The version of each logged answer by its id, after all processes have ended. */
  async logged(): Promise<Map<string, string>> {
    const rows = await this.rows();
    return new Map(rows.map(({ id, version }) => [id, `${MODEL}:${version}`]));
  }

  /**
   * Ends all processes.
   * @returns their exit codes
   */
  async stop(): Promise<(number | null)[]> {
    this.worker?.child.kill('SIGTERM');
    for (const server of this.servers) server.signal('SIGTERM');
    const codes = await Promise.all(this.servers.map(({ ended }) => ended.then(({ code }) => code)));
    return [...codes, (await this.worker?.ended)?.code ?? null];
  }
}
