import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundle } from '#bundle';
import type { RawColumn } from '#schema';
import { ServerProcess } from '../helper/server-process.js';
import { freePort } from '#testing';
import { python } from './helper/python.js';

interface Logged {
  readonly rows: number[][];
  readonly answers: Readonly<Record<string, { labels: number[]; probabilities: number[][] }>>;
}

const folder = mkdtempSync(join(tmpdir(), 'skewless-'));
let mlflow: ChildProcess;
let uri: string;
let logged: Logged;

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 900; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${url} does not answer`);
}

beforeAll(async () => {
  const interpreter = python('mlflow');
  const port = await freePort();
  uri = `http://127.0.0.1:${port}`;
  const store = [
    '--backend-store-uri',
    `sqlite:///${join(folder, 'mlflow.db')}`,
    '--artifacts-destination',
    join(folder, 'artifacts'),
  ];
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...store];
  // Nobody gives it jobs: their seven processes would only take time.
  const env = { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' };
  mlflow = spawn(interpreter, args, { stdio: 'ignore', detached: true, cwd: folder, env });
  await answers(`${uri}/health`);
  const output = execFileSync(interpreter, ['test/peers/helper/log_onnx.py', uri], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  logged = JSON.parse(output.trim().split('\n').at(-1)!) as Logged;
});
afterAll(async () => {
  await ServerProcess.killAll();
  process.kill(-mlflow.pid!, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['Iris Zipped', 'Iris_Zipped'],
  ['wide', 'wide'],
])('What MLflow logs by default as "%s" serves, and answers as onnxruntime does', async (registered, name) => {
  const server = await ServerProcess.ready([], {
    MODELS_SOURCE: `mlflow://${encodeURIComponent(registered)}@champion`,
    MLFLOW_TRACKING_URI: uri,
    MODELS_ALLOWED_HOSTS: '127.0.0.1',
    MODELS_CACHE: join(folder, 'cache'),
    DEFAULT_MODEL: name,
  });
  const { rows } = logged;
  const inputs = [{ name: 'X', datatype: 'FP32', shape: [rows.length, rows[0].length], data: rows }];
  const { text } = await server.ask(`/v2/models/${name}/infer`, { body: JSON.stringify({ inputs }) });
  const [labels, probabilities] = (JSON.parse(text) as { outputs: { data: number[] }[] }).outputs;
  expect(labels.data).toEqual(logged.answers[registered].labels);
  logged.answers[registered].probabilities.flat().forEach((p, i) => expect(probabilities.data[i]).toBeCloseTo(p, 5));
});

/** Runs `skewless import` with the models folder of these tests. */
function imported(source: string, name: string, ...more: string[]): { status: number | null; told: string } {
  const args = [
    'dist/cli/main.js',
    'import',
    source,
    '--name',
    name,
    '--models-directory',
    join(folder, 'models'),
    ...more,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, MLFLOW_TRACKING_URI: uri, TMPDIR: join(folder, 'temporary') },
  });
  return { status, told: `${stdout}${stderr}` };
}

const columnsOf = async (name: string): Promise<readonly RawColumn[]> =>
  (await readBundle(join(folder, 'models', name, '1'))).pipeline.inputs;

describe('Models that MLflow itself logged by flavour', () => {
  const saved = join(folder, 'saved');
  let runs: Readonly<Record<string, string>>;
  beforeAll(() => {
    mkdirSync(saved);
    mkdirSync(join(folder, 'temporary'));
    const output = execFileSync(python('mlflow'), ['test/peers/helper/log_flavours.py', uri, saved], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    runs = JSON.parse(output.trim().split('\n').at(-1)!) as typeof runs;
  });
  const csv = (name: string): string[] => ['--golden', join(saved, `${name}.csv`)];
  const float = (name: string, nullable = false) => ({ name, type: 'float', nullable });
  const integer = (name: string) => ({ name, type: 'integer', nullable: false });

  it('xgboost: names, kinds and gaps of the columns are those of the signature', async () => {
    const { status, told } = imported('models:/boosted/1', 'boosted', ...csv('boosted'));
    expect(told).toMatch(/^mlflow:\/\/boosted\/1: \d+ files fetched\.\n/);
    expect(told).toContain('20 trees of XGBoost, binary:logistic, of 4 features.');
    expect(told).toContain('100 rows with answers of the source are reproduced');
    expect(status).toBe(0);
    expect(await columnsOf('boosted')).toEqual([
      float('age'),
      float('income', true),
      integer('visits'),
      { name: 'member', type: 'boolean', nullable: false },
    ]);
    expect((await readBundle(join(folder, 'models/boosted/1'))).manifest.lineage).toMatchObject({
      source: 'xgboost',
      from: 'mlflow://boosted/1',
    });
  });

  it('xgboost: a model of an array gets the names of the signature', async () => {
    expect(imported(`runs:/${runs.unnamed}/model`, 'unnamed', ...csv('unnamed'))).toMatchObject({ status: 0 });
    expect(await columnsOf('unnamed')).toEqual([float('age'), integer('visits')]);
  });

  it('xgboost: what has the interface of scikit-learn, from the folder itself', () => {
    expect(imported(join(saved, 'estimator'), 'estimator', ...csv('estimator'))).toMatchObject({ status: 0 });
  });

  it('lightgbm: a booster with its categories; a pickle is refused by name', async () => {
    expect(imported('mlflow://leaves/1', 'leaves', ...csv('leaves'))).toMatchObject({ status: 0 });
    expect(await columnsOf('leaves')).toContainEqual({
      ...{ name: 'city', type: 'category', codes: 'text', unknown: 'missing', nullable: false },
      values: ['Bonn', 'Köln', 'Ulm'],
    });
    for (const source of ['mlflow://pickled%20leaves/1', join(saved, 'pickled leaves')]) {
      const { status, told } = imported(source, 'never');
      expect(told).toMatch(
        /holds a pickle of lightgbm, .* never opened.*mlflow\.lightgbm\.log_model\(model\.booster_\)/,
      );
      expect(status).toBe(2);
    }
  });

  it('sklearn: the export that was logged beside the pickle, which alone is refused', () => {
    for (const [source, name] of [
      ['models:/churn@best', 'churn'],
      [join(saved, 'churn'), 'churn_folder'],
    ]) {
      const { status, told } = imported(source, name);
      expect(told).toContain('LogisticRegression: 3 columns become 5 features.');
      expect(told).toMatch(/\d+ rows with answers of the source are reproduced/);
      expect(status).toBe(0);
    }
    const { status, told } = imported('models:/pickled churn/1', 'never');
    expect(told).toMatch(
      /holds a pickle of scikit-learn, .* never opened\. Export the pipeline by tools\/export_sklearn\.py/,
    );
    expect(status).toBe(2);
  });

  it('onnx: its tensors', () => {
    const { status, told } = imported('mlflow:models:/tensors/1', 'tensors');
    expect(told).toContain('It takes X FP32 [-1, 2]');
    expect(status).toBe(0);
  });

  it.each([
    ['models:/churn/7', /models\/?.*churn|churn\/7.*does not exist/],
    ['models:/nobody@best', /mlflow:\/\/nobody@best: does not exist/],
    ['models:/churn/Production', /is not the name of an MLflow model\. Use mlflow:/],
    ['runs:/00000000000000000000000000000000/model', /does not exist/],
  ])('%s is refused in words, and leaves nothing behind', (source, message) => {
    const { status, told } = imported(source, 'never');
    expect(told).toMatch(message);
    expect(told).not.toContain('    at ');
    expect(status).toBe(2);
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
  });
});
