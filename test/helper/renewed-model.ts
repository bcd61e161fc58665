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
/** So many callers ask at once, and then there is a pause: processes that train and look have to come to work. */
const CALLERS = 20;
const PAUSE_MILLISECONDS = 200;

/** What is asked, and what turns out to be so. */
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
  /** Servers on the same folder of models. */
  readonly hosts: number;
}

/** A model that is served by whole processes, renewed by another one, and asked by callers who learn later what was right. */
export class RenewedModel {
  private readonly workspace = new HostedWorkspace();
  private readonly random = new RandomStream(19, 41);
  private readonly key = generateKey('ops', ['admin', 'predict', 'feedback']);
  private readonly servers: ServerProcess[] = [];
  private worker?: ReturnType<HostedWorkspace['startWith']>;
  private store?: string;
  private callers = 0;
  private settings = {};
  /** Versions that answered, by the id of the answer. */
  readonly answered = new Map<string, string>();
  /** The same, of each server. */
  readonly byServer: Map<string, number>[] = [];

  constructor(private readonly options: RenewedModelOptions) {}

  /** Names `monitor.store`; the folder of the workspace is it where none is named. */
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

  /** @param moved whether `c`, which the label does not depend on, is beyond what training saw */
  private draw(moved: boolean): Customer {
    const [a, b, noise, c] = [0, 1, 2, 3].map(() => Number((this.random.uniform() - 0.5).toFixed(4)));
    return { row: { a, b, c: moved ? c + 4 : c }, label: a + b + noise / 1.5 > 0 ? 'yes' : 'no' };
  }

  /** Writes the table that is trained on: as callers' rows are, or with `a` and `b` of the wrong sign. */
  deliver(rows: number, sign: 1 | -1 = 1): void {
    const lines = Array.from({ length: rows }, (_, i) => {
      const { row, label } = this.draw(false);
      return `${i},${sign * row.a},${sign * row.b},${row.c},${label}\n`;
    });
    writeFileSync(this.path('customers.csv'), `id,a,b,c,label\n${lines.join('')}`);
  }

  /** Changes how the model is renewed, by its own file. */
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

  /** @returns what it printed */
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

  /** Where the renewal stands, as each server says. */
  async status(host = 0): Promise<any> {
    return this.send(host, `/models/${MODEL}/rollout`);
  }

  /** A caller's request. @returns what turned out to be right, as `POST /feedback` takes it */
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

  /** Requests to each server, and where that is asked for what was right. */
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

  /** Waits until something is so; where it never is, tells how far the renewal has come. */
  async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    try {
      await until(isSo);
    } catch (error) {
      const told = { status: await this.status(), steps: this.steps(), jobs: this.jobs(), answers: this.byServer };
      throw new Error(`${(error as Error).message}\n${inspect(told, { depth: 9 })}`, { cause: error });
    }
  }

  /**
   * Callers go on asking until something is so.
   *
   * @param isLabelled whether callers say what was right
   * @param moved as of {@link draw}
   */
  async askUntil(
    isSo: () => boolean | Promise<boolean>,
    { isLabelled = true, moved = true }: { isLabelled?: boolean; moved?: boolean } = {},
  ): Promise<void> {
    await this.until(async () => {
      if (await isSo()) return true;
      await this.askAll({ isLabelled, moved });
      return false;
    });
  }

  /**
   * The next hour comes: what servers counted in this one is counted in eleven minutes of the next, and the watch closes that one, as
   * it would then.
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

  /** Jobs, the oldest first, as the queue keeps them. */
  jobs(): any[] {
    const folder = this.path('renewal');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return names.sort().map((name) => JSON.parse(readFileSync(this.path('renewal', name), 'utf8')));
  }

  /** Each step of all rollouts: the state it came to, and why. */
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

  /** What the log holds, of all versions or of one. */
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

  /** How many answers of a version the log holds with their label. */
  async labelled(version: string): Promise<number> {
    return (await this.rows(version)).filter(({ label }) => label !== null).length;
  }

  /** What the log holds, once everything has ended: the version of each answer by its id. */
  async logged(): Promise<Map<string, string>> {
    const rows = await this.rows();
    return new Map(rows.map(({ id, version }) => [id, `${MODEL}:${version}`]));
  }

  /** Ends all processes. @returns how they ended */
  async stop(): Promise<(number | null)[]> {
    this.worker?.child.kill('SIGTERM');
    for (const server of this.servers) server.signal('SIGTERM');
    const codes = await Promise.all(this.servers.map(({ ended }) => ended.then(({ code }) => code)));
    return [...codes, (await this.worker?.ended)?.code ?? null];
  }
}
