import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  for (let tries = 0; tries < 240; tries++) {
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
  mlflow = spawn(interpreter, args, { stdio: 'ignore', detached: true, cwd: folder });
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
