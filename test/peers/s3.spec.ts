import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ServerProcess } from '../helper/server-process.js';
import { freePort, until, writeTinyBundle } from '#testing';

/** A real S3-compatible server, built from its published module. */
const GATEWAY = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
const bin = join(
  process.cwd(),
  '.cache/peers',
  `go-${createHash('sha256').update(GATEWAY).digest('hex').slice(0, 12)}`,
);

const folder = mkdtempSync(join(tmpdir(), 'skewless-'));
const [accessKeyId, secretAccessKey] = ['skewless', 'a-secret-of-this-test'];
let gateway: ChildProcess;
let endpoint: string;
let client: S3Client;

const put = async (key: string, file: string): Promise<void> => {
  await client.send(new PutObjectCommand({ Bucket: 'models', Key: key, Body: readFileSync(file) }));
};

beforeAll(async () => {
  const program = join(bin, 'versitygw');
  if (!existsSync(program)) {
    execFileSync('go', ['install', GATEWAY], { env: { ...process.env, GOBIN: bin }, stdio: 'inherit' });
  }
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  const data = join(folder, 'data');
  mkdirSync(data);
  gateway = spawn(
    program,
    ['--access', accessKeyId, '--secret', secretAccessKey, '--port', `127.0.0.1:${port}`, 'posix', '--nometa', data],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  client = new S3Client({
    endpoint,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  });
  await until(() =>
    fetch(endpoint).then(
      () => true,
      () => false,
    ),
  );
  await client.send(new CreateBucketCommand({ Bucket: 'models' }));
});
afterAll(async () => {
  await ServerProcess.killAll();
  gateway.kill();
  client.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function publish(version: string): Promise<Awaited<ReturnType<typeof writeTinyBundle>>> {
  const models = join(folder, 'models');
  const bundle = await writeTinyBundle(models, { version });
  for (const file of readdirSync(bundle.directory)) {
    await put(`team/tiny/${version}/${file}`, join(bundle.directory, file));
  }
  await put('team/tiny/aliases.json', join(models, 'tiny', 'aliases.json'));
  return bundle;
}

const environment = (secret = secretAccessKey): Record<string, string> => ({
  MODELS_SOURCE: 's3://models/team/tiny',
  MODELS_S3_ENDPOINT: endpoint,
  MODELS_ALLOWED_HOSTS: '127.0.0.1',
  MODELS_CACHE: join(folder, `cache-${secret}`),
  MODELS_SOURCE_SECONDS: '1',
  MODELS_WATCH_SECONDS: '0.2',
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secret,
  AWS_REGION: 'us-east-1',
});

it('The built server serves what lies in S3, and what becomes the champion there', async () => {
  const { rows } = await publish('1');
  const server = await ServerProcess.ready([], environment());
  const ask = async () => JSON.parse((await server.ask('/predict', { body: JSON.stringify(rows[0].input) })).text);
  const first = await ask();
  expect([first.prediction, first.model_version.split(':')[1]]).toEqual([rows[0].prediction, '1']);
  await publish('2');
  await until(async () => (await ask()).model_version.split(':')[1] === '2');
});

it('A wrong secret is told of as S3 tells it', async () => {
  const server = await ServerProcess.start([], environment('wrong'));
  await until(async () =>
    (await server.ask('/health/ready').catch(() => undefined))?.text.includes('could not be read'),
  );
  expect((await server.ask('/health/ready')).text).toContain('s3://models/team/tiny/aliases.json: could not be read (');
});
