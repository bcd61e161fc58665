import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importTrees } from '#importers';
import { HostedWorkspace, temporaryFolder } from '#testing';
import { boot, type RunningApi } from './helper/boot.js';

const FIXTURES = join(process.cwd(), 'test/fixtures/boosters');

interface Answers {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly predictions: readonly (readonly number[])[];
}

const answersOf = (name: string): Answers =>
  JSON.parse(readFileSync(join(FIXTURES, `${name}.answers.json`), 'utf8')) as Answers;

const MODELS = [
  ['xgboost-categories', 'xgboost-ubjson', 'probability'],
  ['lightgbm-categories', 'lightgbm', 'probability'],
  ['lightgbm-zeros', 'lightgbm', 'probability'],
  ['xgboost-poisson', 'xgboost-json', 'prediction'],
] as const;

describe('Models of XGBoost and LightGBM, served', () => {
  let api: RunningApi;
  const folder = temporaryFolder();
  beforeAll(async () => {
    for (const [name, format, answer] of MODELS) {
      const { file, columns, rows, predictions } = answersOf(name);
      const golden = join(folder, `${name}.csv`);
      const lines = rows.map((row, i) => [...row.map((cell) => cell ?? ''), predictions[i][0]].join(','));
      writeFileSync(golden, [[...columns, answer].join(','), ...lines].join('\n'));
      const target = { name, modelsDirectory: join(folder, 'models'), champion: false };
      await importTrees({ ...target, file: join(FIXTURES, file), format, golden });
    }
    api = await boot({ MODELS_DIR: join(folder, 'models') });
  });
  afterAll(() => api.close());

  it.each(MODELS)('%s answers raw rows as its library does, one by one and as a batch', async (name, _, answer) => {
    const { columns, rows, predictions } = answersOf(name);
    const instances = rows.map((row) => Object.fromEntries(columns.map((column, c) => [column, row[c]])));
    const batch = await api.post(`/models/${name}/predict/batch`, { instances });
    const answered = batch.body.predictions as Record<string, number>[];
    const differences = answered.map((one, i) => Math.abs(one[answer] - predictions[i][0]));
    expect(answered).toHaveLength(rows.length);
    // Probabilities are told to six digits.
    expect(Math.max(...differences)).toBeLessThan(2e-6);
    for (const [i, row] of instances.slice(0, 20).entries()) {
      expect((await api.post(`/models/${name}/predict`, row)).body[answer]).toBe(answered[i][answer]);
    }
  });

  it('refuses a category that XGBoost did not see, and takes one that LightGBM did not for missing', async () => {
    const { columns, rows } = answersOf('xgboost-categories');
    const row = Object.fromEntries(columns.map((column, c) => [column, rows[0][c]]));
    const unseen = { ...row, color: 'never seen' };
    const refused = await api.post('/models/xgboost-categories/predict', unseen);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('color')]);
    const [seenAsMissing, missing] = await Promise.all(
      [unseen, { ...row, color: null }].map((one) => api.post('/models/lightgbm-categories/predict', one)),
    );
    expect([seenAsMissing.status, seenAsMissing.body.probability]).toEqual([200, missing.body.probability]);
  });
});

describe('A model that nothing compares with its source', () => {
  const workspace = new HostedWorkspace();

  it('serves once a person says so', async () => {
    const file = join(FIXTURES, 'xgboost-binary.json');
    const { code, stdout } = await workspace.run('import', file, '--name', 'churn', '--classes', 'no,yes');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^models\/churn\/1 written\.\n4 trees of XGBoost, binary:logistic, of 4 features\.\n256 rows generated from its own thresholds give the same answers in ONNX Runtime as computed here: .*No version serves yet\. Once you have compared it yourself: skewless models promote churn 1 --unproven\n/s,
      ),
    ]);
    const refused = await workspace.run('models', 'promote', 'churn', '1');
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('version 1 was imported without answers of its source'),
    ]);
    expect(await workspace.json('models', 'promote', 'churn', '1', '--unproven')).toMatchObject({ to: '1' });
  });
});
