import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from '../../apps/api/src/security/keys/api-key.js';
import { readBundle } from '#bundle';
import { RandomStream } from '#kit';
import { openStore } from '#monitoring';
import { parquetTable, readRows, withDuckDb } from '#tables';
import { HostedWorkspace } from '#testing';

const ROWS = 1_200;
const LOGGED = 400;

interface Drawn {
  readonly a: number;
  readonly b: number;
  readonly label: string;
}

describe('A renewal of a model whose log keeps labelled rows', () => {
  const workspace = new HostedWorkspace();
  const random = new RandomStream(19, 31);
  const draw = (): Drawn => {
    const [a, b, noise] = [0, 1, 2].map(() => Number((random.uniform() - 0.5).toFixed(4)));
    return { a, b, label: a + b + noise / 4 > 0 ? 'yes' : 'no' };
  };
  const path = (...names: string[]): string => join(workspace.root, ...names);
  const table = Array.from({ length: ROWS }, draw);
  const logged = Array.from({ length: LOGGED }, draw);
  const key = generateKey('ops', ['admin', 'predict']);

  const done = async (environment: NodeJS.ProcessEnv, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await workspace.runWith(environment, ...args);
    expect([args, code, code === 0 ? '' : stderr]).toEqual([args, 0, '']);
    return stdout;
  };
  const renewed = async (environment: NodeJS.ProcessEnv): Promise<{ job: any; told: string }> => {
    await done({}, 'renew', 'customers');
    const told = await done(environment, 'worker', '--once');
    const names = readdirSync(path('renewal')).filter((name) => name.endsWith('.json'));
    return { job: JSON.parse(readFileSync(path('renewal', names.sort().at(-1)!), 'utf8')), told };
  };
  /** Rows of a part, told apart by all that they hold. */
  const part = async (name: string): Promise<string[]> => {
    const rows = await withDuckDb({}, (connection) =>
      readRows<{ text: string }>(
        connection,
        `SELECT concat_ws(' ', c0, c1, c2, content, nth) AS text FROM ${parquetTable(path('data/processed/customers', name))}`,
      ),
    );
    return rows.map(({ text }) => text);
  };

  beforeAll(async () => {
    const lines = table.map(({ a, b, label }, i) => `${i},${a},${b},${label}\n`);
    writeFileSync(path('customers.csv'), `id,a,b,label\n${lines.join('')}`);
    await done({}, 'init', path('customers.csv'), '--target', 'label', '--name', 'customers');
    workspace.edit('config/models/customers.yaml', (text) =>
      text.replace(/^training:.*(\n +.*)*/m, 'training: { algorithm: logistic_regression, folds: 0 }'),
    );
    await done({}, 'run', 'customers');
    const { manifest, pipeline } = await readBundle(path('models/customers/1'));
    const store = await openStore({ store: path('monitor'), schema: 'skewless', maxBytes: 1e9 });
    const { classes, task } = manifest;
    await store.keep('version/customers/1', {
      model: 'customers',
      version: '1',
      loadedAt: 0,
      classes,
      task,
      inputs: pipeline.inputs,
    });
    const now = Date.now() - 60_000;
    const ids = logged.map((_, i) => {
      const time = (now + i).toString(16).padStart(12, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(i).padStart(12, '0')}`;
    });
    const nothing = logged.map(() => null);
    await store.append({
      producer: 'a server',
      sequence: 1,
      rows: {
        ids,
        externalIds: nothing,
        models: logged.map(() => 'customers'),
        versions: logged.map(() => '1'),
        predictions: logged.map(() => 'yes'),
        scores: logged.map(() => 0.5),
        slices: nothing,
        raw: logged.map(({ a, b }) => JSON.stringify({ a, b })),
        weights: logged.map(() => 1),
      },
      labels: { ids, labels: logged.map(({ label }) => label), observedAt: ids.map((_, i) => now + i) },
    });
    await store.close();
  });

  it('trains on the table alone where nobody knows who has sent the labels, and says so', async () => {
    const note = 'the table alone: labels do not count, as servers have no keys';
    const { job, told } = await renewed({});
    expect(job).toMatchObject({ state: 'done', log: { rows: 0, note }, result: { version: '1' } });
    expect(told).toContain(`customers: job ${job.id} trains on ${note}`);
  });

  it('trains on the table and the log; each row of the table keeps its side', async () => {
    const [train, test] = [await part('train.parquet'), await part('test.parquet')];
    const { job, told } = await renewed({ API_KEYS: key.line });
    const note = `the table and ${LOGGED} labelled rows of the log`;
    expect(job).toMatchObject({
      state: 'done',
      log: { rows: LOGGED, note },
      result: { outcome: 'passed', version: '2' },
    });
    expect(told).toContain(`trains on ${note}`);
    const [longerTrain, longerTest] = [await part('train.parquet'), await part('test.parquet')];
    expect(longerTrain.length + longerTest.length).toBe(ROWS + LOGGED);
    expect(longerTrain).toEqual(expect.arrayContaining(train));
    expect(longerTest).toEqual(expect.arrayContaining(test));
    // The log's rows are on both sides, too.
    expect(longerTest.length).toBeGreaterThan(test.length + LOGGED / 10);
    const { manifest } = await readBundle(path('models/customers/2'));
    expect((manifest.train_samples ?? 0) + (manifest.test_samples ?? 0)).toBe(ROWS + LOGGED);
    expect(manifest.lineage.data).toMatchObject({ path: path('renewal/tables/customers.csv') });
  });

  it('comes to the same bytes from the same table, log and seed', async () => {
    const files = ['renewal/tables/customers.csv', 'data/processed/customers/train.parquet'];
    const before = files.map((file) => workspace.bytes(file));
    await done({}, 'rollout', 'abort', 'customers');
    const { job } = await renewed({ API_KEYS: key.line });
    expect(job).toMatchObject({ log: { rows: LOGGED }, result: { outcome: 'passed', version: '2' } });
    expect(files.map((file) => workspace.bytes(file))).toEqual(before);
    expect(readdirSync(path('models/customers'))).not.toContain('3');
  });
});
