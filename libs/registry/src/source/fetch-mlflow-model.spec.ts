import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchMlflowModel } from './fetch-mlflow-model.js';
import { folder, serve } from './testing/remote-models.js';

const ID = '0123456789abcdef0123456789abcdef';
const FILES: Readonly<Record<string, string>> = { MLmodel: 'flavors: {}', 'model.ubj': '{L', 'model.pkl': '\x80\x04' };
let folders = 0;

/** An MLflow server with these responses, and the files of `1/model/artifacts`. */
async function mlflow(
  answers: Readonly<Record<string, object>>,
  files = FILES,
): Promise<{ uri: string; seen: string[] }> {
  const seen: string[] = [];
  const host = await serve(({ url }, response) => {
    const { pathname, searchParams } = new URL(url!, 'http://here');
    const asked = `${pathname.replace(/^\/api\/2\.0\/mlflow(?=\/)/, '')}${[...searchParams.values()].map((value) => ` ${value}`).join('')}`;
    seen.push(asked);
    const artifacts = '/api/2.0/mlflow-artifacts/artifacts';
    if (asked === `${artifacts} 1/model/artifacts`) {
      const listed = Object.keys(files).map((path) => ({ path, is_dir: false }));
      return void response.end(JSON.stringify({ files: [...listed, { path: 'metadata', is_dir: true }] }));
    }
    const file = pathname.startsWith(`${artifacts}/`)
      ? files[pathname.slice(`${artifacts}/1/model/artifacts/`.length)]
      : undefined;
    response.statusCode = file !== undefined || asked in answers ? 200 : 404;
    response.end(file ?? JSON.stringify(answers[asked] ?? {}));
  });
  return { uri: `http://${host}`, seen };
}

async function fetched(place: string, uri: string | undefined) {
  const into = join(folder, `fetched-${++folders}`);
  await mkdir(into, { recursive: true });
  return { ...(await fetchMlflowModel(place, into, { mlflowUri: uri, allowedHosts: [] })), into };
}

const ARTIFACTS = { artifact_uri: 'mlflow-artifacts:/1/model/artifacts' };

it.each<[string, Readonly<Record<string, object>>, string]>([
  [
    'models:/churn@best',
    {
      '/registered-models/alias churn best': { model_version: { version: '3' } },
      '/model-versions/get-download-uri churn 3': ARTIFACTS,
    },
    'mlflow://churn/3',
  ],
  [
    `models:/m-${ID}`,
    { [`/logged-models/m-${ID}`]: { model: { info: { name: 'model', ...ARTIFACTS } } } },
    `models:/m-${ID}`,
  ],
  [
    `runs:/${ID}/model`,
    {
      [`/runs/get ${ID}`]: {
        run: { info: {}, outputs: { model_outputs: [{ model_id: 'm-1' }, { model_id: 'm-2' }] } },
      },
      '/logged-models/m-1': { model: { info: { name: 'other', artifact_uri: 'mlflow-artifacts:/1/other' } } },
      '/logged-models/m-2': { model: { info: { name: 'model', ...ARTIFACTS } } },
    },
    `runs:/${ID}/model`,
  ],
  [
    `runs:/${ID}/artifacts`,
    { [`/runs/get ${ID}`]: { run: { info: { artifact_uri: 'mlflow-artifacts:/1/model' } } } },
    `runs:/${ID}/artifacts`,
  ],
])('%s is fetched, but for its pickle', async (place, answers, from) => {
  const { uri, seen } = await mlflow(answers);
  const { into, ...told } = await fetched(place, uri);
  expect(told).toEqual({ from, files: ['MLmodel', 'model.ubj'] });
  expect((await readdir(into)).sort()).toEqual(['MLmodel', 'model.ubj']);
  expect(await readFile(join(into, 'model.ubj'), 'utf8')).toBe('{L');
  expect(seen.filter((asked) => asked.includes('pkl'))).toEqual([]);
});

it.each<[string, string, Readonly<Record<string, object>>, Readonly<Record<string, string>>, RegExp]>([
  ['no model', `models:/m-${ID}`, {}, FILES, /models:\/m-[0-9a-f]+: does not exist/],
  ['no run', `runs:/${ID}/model`, {}, FILES, /runs:\/[0-9a-f]+\/model: does not exist/],
  [
    'files elsewhere',
    `models:/m-${ID}`,
    { [`/logged-models/m-${ID}`]: { model: { info: { artifact_uri: 's3://bucket/1' } } } },
    FILES,
    /is stored in s3:\/\/bucket\/1, which the server does not proxy\. Start MLflow with --serve-artifacts/,
  ],
  [
    'a folder without a model',
    `models:/m-${ID}`,
    { [`/logged-models/m-${ID}`]: { model: { info: ARTIFACTS } } },
    { '../MLmodel': '', 'a/MLmodel': '' },
    /contains no model: the file MLmodel is missing/,
  ],
  [
    'too many files',
    `models:/m-${ID}`,
    { [`/logged-models/m-${ID}`]: { model: { info: ARTIFACTS } } },
    Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`file${i}`, ''])),
    /has 101 files/,
  ],
])('%s is refused in words', async (_, place, answers, files, message) => {
  const { uri } = await mlflow(answers, files);
  await expect(fetched(place, uri)).rejects.toThrow(message);
});

it('no server is asked where none is named', async () => {
  await expect(fetched('models:/churn/3', undefined)).rejects.toThrow(
    /needs an MLflow server, and none is set\. Set tracking\.uri/,
  );
});
