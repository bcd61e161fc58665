import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FeaturePipeline } from '#features';
import { readBundle } from '#bundle';
import { ServedModel } from '#runtime';
import { type ForestDump, importModel } from '#importers';

interface Answer {
  readonly input: Record<string, number>;
  readonly features: number[];
  readonly prediction: number | string;
  readonly proba: number[];
}

const TOOL = resolve('tools/export_sklearn.py');

/**
 * What somebody has who wants to bring a model: pickles and raw rows, and here also scikit-learn's own answers to
 * them. `two` saw column names when it was fitted (set by hand: only pandas would pass them), `three` did not.
 */
const TRAINING = `
import csv, json, pickle
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler

rng = np.random.RandomState(7)
raw = np.c_[rng.randint(18, 80, 200), rng.lognormal(10, 1, 200), rng.randint(0, 2, 200)].astype(float)
score = raw[:, 0] / 20 + raw[:, 2] + rng.randn(200)
names, numeric = ['age', 'income', 'member'], ['income', 'age']

def save(name, forest, scaler):
    for part, model in (('forest', forest), ('scaler', scaler)):
        with open(f'{name}-{part}.pkl', 'wb') as file:
            pickle.dump(model, file)

def answers(name, columns, rows, features, forest):
    with open(f'{name}.csv', 'w', newline='') as file:
        csv.writer(file).writerows([[*columns, 'target']] + [[*map(repr, row), 'ignored'] for row in rows.tolist()])
    labels = [label if isinstance(label, str) else int(label) for label in forest.predict(features).tolist()]
    found = zip(rows.tolist(), features.tolist(), labels, forest.predict_proba(features).tolist())
    with open(f'{name}.json', 'w') as file:
        json.dump([{'input': dict(zip(columns, r)), 'features': f, 'prediction': l, 'proba': p} for r, f, l, p in found], file)

scaler = StandardScaler().fit(raw[:, [1, 0]])
features = raw.copy()
features[:, [1, 0]] = scaler.transform(raw[:, [1, 0]])
forest = RandomForestClassifier(20, max_depth=6, class_weight='balanced', n_jobs=1, random_state=1).fit(features, score > 3)
answers('two', names, raw, features, forest)
forest.feature_names_in_, scaler.feature_names_in_ = np.array(names, object), np.array(numeric, object)
save('two', forest, scaler)

scaler = StandardScaler(with_mean=False).fit(raw)
features = scaler.transform(raw)
labels = np.select([score < 2, score > 4], ['low', 'high'], 'mid')
forest = RandomForestClassifier(15, min_samples_leaf=4, random_state=np.random.RandomState(2)).fit(features, labels)
answers('three', names, raw, features, forest)
save('three', forest, scaler)

save('unfitted', RandomForestClassifier(), StandardScaler())
save('outputs', RandomForestClassifier(2).fit(raw, np.c_[score > 3, score > 4]), scaler)
save('lonely', RandomForestClassifier(2).fit(raw, np.ones(200, int)), scaler)
with open('broken.pkl', 'w') as file:
    file.write('no pickle')
with open('gap.csv', 'w') as file:
    file.write('age,income,member\\n30,1000,1\\n40,,0\\n')
with open('huge.csv', 'w') as file:
    file.write('age,income,member\\n30,1000,1e39\\n')
with open('endless.csv', 'w') as file:
    file.write('age,income,member\\n30,inf,1\\n')
with open('empty.csv', 'w') as file:
    file.write('age,income,member\\n')
`;

/** Own feature code, and a sample as a notebook has it; the recipe beside it says the same. */
const OWN_FEATURES = `
import pickle, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import numpy as np
from export_sklearn import export
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler

rows = [{'a': a, 'b': b, 'note': 'x'} for a in np.arange(-3, 3, 0.5) for b in range(4)]
unscaled = [[row['a'], row['a'] ** 2, row['b']] for row in rows]
scaler = StandardScaler().fit([row[:2] for row in unscaled])
final = lambda row: [*scaler.transform([[row['a'], row['a'] ** 2]])[0], row['b']]
forest = RandomForestClassifier(10, random_state=3).fit([final(row) for row in rows], [int(u[1] > u[2]) for u in unscaled])
export(forest, scaler, 'own', ['a', 'a_squared', 'b'], ['a', 'a_squared'], rows, ['a', 'b'], final,
       metadata={'metrics': {'train_accuracy': np.float32(0.5)}, 'train_samples': np.int64(48)})
`;
const OWN_RECIPE = `
inputs: [{ name: a, type: float, nullable: false }, { name: b, type: integer, nullable: false }]
steps: [{ kind: square, column: a, output: a_squared }, { kind: standardize, columns: [a, a_squared] }]
outputs: [a, a_squared, b]
`;

const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import sklearn']).status === 0,
);
const describeWithSklearn = python ? describe : describe.skip;
const reason = python ? '' : ' (skipped: no Python with scikit-learn; apt-get install python3-sklearn)';

describeWithSklearn(`tools/export_sklearn.py${reason}`, () => {
  let directory: string;

  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(python!, args, { cwd: directory, encoding: 'utf8', timeout: 240_000 });
  const exportModel = (...args: string[]): ReturnType<typeof run> => run(TOOL, ...args);
  const readJson = async <T>(...path: string[]): Promise<T> =>
    JSON.parse(await readFile(join(directory, ...path), 'utf8')) as T;
  const readGolden = async (folder: string): Promise<Answer[]> => {
    const lines = (await readFile(join(directory, folder, 'golden.jsonl'), 'utf8')).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Answer);
  };

  /** Imports what was exported into `folder` and opens it as the server does. */
  async function serve(folder: string, recipe?: string): Promise<ServedModel> {
    const imported = await importModel({
      forest: join(directory, folder, 'forest.json'),
      scaler: join(directory, folder, 'scaler.json'),
      metadata: join(directory, folder, 'metadata.json'),
      golden: join(directory, folder, 'golden.jsonl'),
      name: folder,
      modelsDirectory: join(directory, 'models'),
      recipe,
      champion: false,
    });
    const bundle = await readBundle(imported.directory);
    return ServedModel.open(bundle, new FeaturePipeline(), { threads: 1, maxPendingRows: 1_000 });
  }

  /** What a server reports of scikit-learn's probabilities: the positive class of two, else the predicted one. */
  const reported = ({ proba }: Answer): number => (proba.length === 2 ? proba[1] : Math.max(...proba));

  async function expectSameAnswers(model: ServedModel, answers: readonly Answer[]): Promise<void> {
    const rows = answers.map(({ input }) => model.inputs.map(({ name }) => input[name]));
    const columns = model.inputs.map((_, c) => Float64Array.from(rows, (row) => row[c]));
    const batch = await model.predictBatch(columns, rows.length);
    expect(Array.from(batch.classIndices, (index) => batch.labels[index])).toEqual(answers.map((a) => a.prediction));
    for (const [i, row] of rows.entries()) {
      const { label, probability } = await model.predict(row);
      expect(label).toBe(answers[i].prediction);
      expect(Math.abs(probability - reported(answers[i]))).toBeLessThan(1e-6);
      expect(Math.abs(batch.probabilities[i] - reported(answers[i]))).toBeLessThan(1e-6);
    }
    await model.close();
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'export-sklearn-'));
    expect(run('-c', TRAINING)).toMatchObject({ status: 0, stderr: '' });
  }, 600_000);

  afterAll(() => rm(directory, { recursive: true, force: true }));

  describe('a two-class forest that knows its column names', () => {
    let exported: ReturnType<typeof run>;
    beforeAll(() => {
      exported = exportModel('two-forest.pkl', 'two-scaler.pkl', '--out', 'two', '--sample', 'two.csv');
    });

    it('is written as four files, and the import command is shown', async () => {
      const folder = resolve(directory, 'two');
      expect(exported).toMatchObject({ status: 0, stderr: '' });
      expect(exported.stdout).toContain(
        `npm run import -- ${folder}/forest.json ${folder}/scaler.json --metadata=${folder}/metadata.json --golden=${folder}/golden.jsonl --name MODEL\n`,
      );
      expect((await readdir(folder)).sort()).toEqual(['forest.json', 'golden.jsonl', 'metadata.json', 'scaler.json']);
    });

    it('has boolean labels as integers and class shares in every node', async () => {
      const forest = await readJson<ForestDump>('two', 'forest.json');
      expect(Object.keys(forest)).toEqual(['type', 'classes', 'feature_names', 'trees']);
      expect(forest.classes).toEqual([0, 1]);
      expect(forest.feature_names).toEqual(['age', 'income', 'member']);
      expect(forest.trees).toHaveLength(20);
      const sums = forest.trees.flatMap(({ value }) => value.map(([no, yes]) => no + yes));
      expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-15);
    });

    it('has the scaler in the order it was fitted in, and the version of scikit-learn', async () => {
      const version = run('-c', 'import sklearn; print(sklearn.__version__, end="")').stdout;
      const scaler = await readJson<Record<string, unknown>>('two', 'scaler.json');
      expect(Object.keys(scaler)).toEqual(['numeric_features', 'mean', 'scale', 'versions']);
      expect(scaler).toMatchObject({ numeric_features: ['income', 'age'], versions: { sklearn: version } });
    });

    it('has the hyperparameters that say what was computed', async () => {
      const { algorithm, hyperparameters } = await readJson<Record<string, object>>('two', 'metadata.json');
      expect(algorithm).toBe('random_forest');
      expect(hyperparameters).toMatchObject({
        n_estimators: 20,
        max_depth: 6,
        class_weight: 'balanced',
        random_state: 1,
      });
      expect(hyperparameters).not.toHaveProperty('n_jobs');
    });

    it('has golden rows that are what scikit-learn answered in training, to the last digit', async () => {
      expect(await readGolden('two')).toEqual(await readJson<Answer[]>('two.json'));
    });

    it('is served with the answers of scikit-learn', async () => {
      await expectSameAnswers(await serve('two'), await readJson<Answer[]>('two.json'));
    });
  });

  describe('a three-class forest with string labels and no column names', () => {
    const options = ['three-forest.pkl', 'three-scaler.pkl', '--out', 'three', '--sample', 'three.csv'];

    it('is served with the answers of scikit-learn', async () => {
      expect(exportModel(...options, '--features', 'age,income,member')).toMatchObject({ status: 0, stderr: '' });
      const answers = await readJson<Answer[]>('three.json');
      expect(new Set(answers.map(({ prediction }) => prediction))).toEqual(new Set(['low', 'mid', 'high']));
      expect(await readGolden('three')).toEqual(answers);
      await expectSameAnswers(await serve('three'), answers);
    });

    it('has a mean of 0 where the scaler does not centre', async () => {
      expect(await readJson('three', 'scaler.json')).toMatchObject({ mean: [0, 0, 0] });
    });

    it('is refused while nobody names its columns', () => {
      expect(exportModel(...options)).toMatchObject({
        status: 2,
        stderr: 'error: The forest was fitted without column names: name its 3 columns with --features.\n',
      });
    });
  });

  describe('a model with features of its own', () => {
    it('is exported with the code that computes them, and served by a recipe that says the same', async () => {
      expect(run('-c', OWN_FEATURES, resolve('tools'))).toMatchObject({ status: 0, stderr: '' });
      const golden = await readGolden('own');
      expect(golden).toHaveLength(48);
      expect(golden[47].input).toEqual({ a: 2.5, b: 3 });
      expect(await readJson('own', 'metadata.json')).toMatchObject({
        metrics: { train_accuracy: 0.5 },
        train_samples: 48,
      });
      await writeFile(join(directory, 'recipe.yaml'), OWN_RECIPE);
      await expectSameAnswers(await serve('own', join(directory, 'recipe.yaml')), golden);
    });
  });

  describe('the command', () => {
    const two = ['two-forest.pkl', 'two-scaler.pkl'];
    it.each([
      ['a file that does not exist', ['no.pkl', two[1]], 'no.pkl cannot be read: it does not exist.'],
      ['a folder', ['.', two[1]], '. cannot be read: it is no file.'],
      [
        'files in the wrong order',
        [two[1], two[0]],
        'two-scaler.pkl is of type StandardScaler, not RandomForestClassifier.',
      ],
      [
        'something else for a scaler',
        [two[0], two[0]],
        'two-forest.pkl is of type RandomForestClassifier, not StandardScaler.',
      ],
      [
        'an unfitted forest',
        ['unfitted-forest.pkl', two[1]],
        'unfitted-forest.pkl is not fitted: call fit on the RandomForestClassifier, then save it again.',
      ],
      [
        'an unfitted scaler',
        [two[0], 'unfitted-scaler.pkl'],
        'unfitted-scaler.pkl is not fitted: call fit on the StandardScaler, then save it again.',
      ],
      [
        'a forest of several outputs',
        ['outputs-forest.pkl', two[1]],
        'outputs-forest.pkl predicts 2 outputs at once: train one forest for each of them.',
      ],
      [
        'a forest of one class',
        ['lonely-forest.pkl', 'three-scaler.pkl', '--features', 'age,income,member'],
        'The forest knows one class only, 1: there is nothing to predict.',
      ],
      [
        'columns in another order than the forest saw',
        [...two, '--features', 'income,age,member'],
        'The forest was fitted on [age, income, member], --features says [income, age, member].',
      ],
      [
        'a name twice',
        ['three-forest.pkl', 'three-scaler.pkl', '--features', 'a,b,a'],
        "The forest's columns [a, b, a] need a name each, and no name twice.",
      ],
      [
        'too few columns',
        ['three-forest.pkl', 'three-scaler.pkl', '--features', 'a,b'],
        'The forest was fitted on 3 columns, --features names 2.',
      ],
      [
        'a sample that does not exist',
        [...two, '--sample', 'no.csv'],
        'no.csv cannot be read: No such file or directory.',
      ],
      ['a sample without a row', [...two, '--sample', 'empty.csv'], 'The sample holds no row.'],
      [
        'a sample that lacks a column',
        ['three-forest.pkl', 'three-scaler.pkl', '--features', 'age,income,x', '--sample', 'three.csv'],
        'The sample has no column "x"; computed features need compute_features.',
      ],
      ['a missing value', [...two, '--sample', 'gap.csv'], 'Row 2 of the sample: "income" is None, not a number.'],
      [
        'an infinite value',
        [...two, '--sample', 'endless.csv'],
        'Row 1 of the sample: "income" is inf, not a finite number.',
      ],
      [
        'a value beyond float32',
        [...two, '--sample', 'huge.csv'],
        'Row 1 of the sample: the feature "member" is 1e+39, too large for float32.',
      ],
    ])('refuses %s in one sentence and writes nothing', async (_, args, sentence) => {
      expect(exportModel(...args, '--out', 'refused')).toEqual(
        expect.objectContaining({ status: 2, stdout: '', stderr: `error: ${sentence}\n` }),
      );
      expect(await readdir(directory)).not.toContain('refused');
    });

    it('refuses a file that is no pickle in one sentence', () => {
      const { status, stderr } = exportModel('broken.pkl', two[1], '--out', 'refused');
      expect(status).toBe(2);
      expect(stderr).toMatch(/^error: broken\.pkl cannot be loaded as a pickle: .*\.\n$/);
    });

    it('names a folder that cannot be made', () => {
      expect(exportModel(...two, '--out', 'two.csv/inside')).toMatchObject({
        status: 2,
        stderr: 'error: two.csv/inside cannot be written: Not a directory.\n',
      });
    });
  });

  it('says which Python to use where scikit-learn is missing', () => {
    expect(run('-I', '-S', TOOL)).toMatchObject({
      status: 2,
      stderr: "error: No module named 'sklearn': run this with the Python that trained the model.\n",
    });
  });

  it('warns in its help that pickles run code', () => {
    const { status, stdout } = exportModel('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('A pickle can run any code when it is loaded: load only your own.');
  });
});
