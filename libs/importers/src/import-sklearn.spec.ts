import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { BundleError, readAliases, readBundle } from '#bundle';
import { InputError } from '#kit';
import { temporaryFolder } from '#testing';
import { dumpFormat } from './dump-format.js';
import { importSklearn, type SklearnImportOptions } from './import-sklearn.js';

const FOLDER = 'test/fixtures/sklearn';
const folder = temporaryFolder();
let models: string;
let tests = 0;
beforeEach(async () => {
  models = join(folder, String(++tests));
  await mkdir(models);
});

type Export = Record<string, any>;
const read = (name: string): Export => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Export;

async function optionsOf(
  document: Export | string,
  more: Partial<SklearnImportOptions> = {},
): Promise<SklearnImportOptions> {
  const file = join(folder, `${tests}.json`);
  await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document));
  return { file, name: 'model', modelsDirectory: models, champion: false, ...more };
}

describe('An exported pipeline', () => {
  it.each([
    ['forest-binary-mixed', 'random_forest', 'float32'],
    ['histogram-binary-own-categories', 'hist_gradient_boosting', 'float64'],
    ['logistic-multi-categories', 'logistic_regression', 'float64'],
    ['calibrated-isotonic-binary', 'calibrated', 'float32'],
    ['xgboost-binary-mixed', 'gradient_boosting', 'float32'],
  ])('%s is a bundle that its source has answered', async (name, algorithm, dtype) => {
    expect(await dumpFormat(join(FOLDER, `${name}.json`))).toBe('sklearn-pipeline');
    const { directory, champion, proven_rows } = await importSklearn(await optionsOf(read(name)));
    const { manifest, pipeline, baseline } = await readBundle(directory);
    expect([manifest.algorithm, pipeline.feature_dtype, champion, manifest.proof?.answered_by]).toEqual([
      algorithm,
      dtype,
      '1',
      'source',
    ]);
    // Rows with injected missing or unknown values are proven, but do not count as data.
    const { rows } = read(name) as { rows: { probe?: boolean }[] };
    expect([proven_rows, baseline.rows]).toEqual([rows.length, rows.filter(({ probe }) => !probe).length]);
  });

  it.each([
    'extra-trees-multi-mixed',
    'logistic-multi-categories',
    'calibrated-isotonic-binary',
    'svc-multi-numbers',
    'ridge-regression-categories',
  ])('%s without answers is proven by what was read, and is no champion', async (name) => {
    const imported = await importSklearn(await optionsOf({ ...read(name), rows: [] }));
    expect(imported).toMatchObject({ champion: null, proof: { answered_by: 'translation' } });
    expect(await readAliases(models, 'model')).toBeUndefined();
    await expect(importSklearn(await optionsOf({ ...read(name), rows: [] }, { champion: true }))).rejects.toThrow(
      /--champion needs --golden/,
    );
  });

  it('that answers otherwise than its source is not written', async () => {
    const document = read('forest-binary-mixed');
    document.model.trees[0].threshold = document.model.trees[0].threshold.map((at: number) => at + 1);
    await expect(importSklearn(await optionsOf(document))).rejects.toThrow(BundleError);
    const scaled = read('forest-binary-mixed');
    scaled.pipeline.steps.find(({ kind }: { kind: string }) => kind === 'standardize').mean[0] += 1e-6;
    await expect(importSklearn(await optionsOf(scaled))).rejects.toThrow(/rows\[0\]: age: expected/);
    expect(await readAliases(models, 'model')).toBeUndefined();
  });

  it('is answered by rows of the user, instead of its own', async () => {
    const document = read('ridge-regression-categories');
    const { rows, pipeline } = document as {
      rows: { input: Record<string, string | number | boolean | null>; prediction: number }[];
      pipeline: { inputs: { name: string }[] };
    };
    const names = pipeline.inputs.map(({ name }) => name);
    const lines = rows.map(({ input, prediction }) =>
      [...names.map((name) => input[name] ?? ''), prediction].join(','),
    );
    const golden = join(folder, 'answers.csv');
    await writeFile(golden, [[...names, 'prediction'].join(','), ...lines].join('\n'));
    const { proof, champion } = await importSklearn(await optionsOf({ ...document, rows: [] }, { golden }));
    expect([proof?.answered_by, champion]).toEqual(['source', '1']);
  });
});

describe('An export that is wrong', () => {
  const change = (name: string, wreck: (document: Export) => void) => (): Export => {
    const document = read(name);
    wreck(document);
    return document;
  };
  const tree = (wreck: (tree: Export) => void) => change('forest-binary-mixed', ({ model }) => wreck(model.trees[0]));

  it.each<[string, () => Export, RegExp]>([
    [
      'of a later tool',
      change('svc-multi-numbers', (d) => (d.format_version = 2)),
      /format_version is of a later tool/,
    ],
    ['a task that there is not', change('svc-multi-numbers', (d) => (d.task = 'ranking')), /task is "ranking"/],
    [
      'too few classes',
      change('svc-multi-numbers', (d) => d.classes.pop()),
      /classes are 2, which does not go with multiclass/,
    ],
    ['a class twice', change('svc-multi-numbers', (d) => (d.classes[0] = 1)), /classes are neither different texts/],
    [
      'a model that there is not',
      change('svc-multi-numbers', (d) => (d.model.kind = 'svm')),
      /model\.kind is "svm", none of trees, linear, calibrated/,
    ],
    [
      'too few coefficients',
      change('svc-multi-numbers', (d) => d.model.coefficients[1].pop()),
      /model\.coefficients\[1\]\.row has 2 numbers, not 3/,
    ],
    [
      'a link of other models',
      change('svc-multi-numbers', (d) => (d.model.link = 'logistic')),
      /ends with logistic, which does not go with 3 classes/,
    ],
    ['a child that there is not', tree((t) => (t.left[0] = 99)), /model\.trees\[0\] names node 99 of/],
    ['a circle', tree((t) => (t.left[1] = 0)), /comes to node 0 twice/],
    ['a feature that there is not', tree((t) => (t.feature[0] = 99)), /node 0 asks for feature 99 of/],
    ['a leaf that is no number', tree((t) => (t.value = t.value.map(() => 'x'))), /value\[0\] is no number/],
    ['a step that there is not', change('svc-multi-numbers', (d) => (d.pipeline.steps[0].kind = 'magic')), /steps/],
    ['no steps', change('svc-multi-numbers', (d) => delete d.pipeline.steps), /required property 'steps'/],
    ['no step', change('svc-multi-numbers', (d) => (d.pipeline.steps[0] = null)), /steps\.0/],
    ['no columns', change('svc-multi-numbers', (d) => delete d.pipeline.inputs), /required property 'inputs'/],
    [
      'an output that there is not',
      change('svc-multi-numbers', (d) => (d.pipeline.outputs[0] = 'x')),
      /outputs\[0\] names the column "x"/,
    ],
    [
      'a row that its columns do not take',
      change('svc-multi-numbers', (d) => (d.rows[3].input.age = 'old')),
      /rows\[3\]\.input: "age": expected a finite number, got "old"/,
    ],
    [
      'an answer that is no class',
      change('svc-multi-numbers', (d) => (d.rows[3].prediction = 7)),
      /rows\[3\]\.prediction is 7/,
    ],
    [
      'a line that turns back',
      change('calibrated-isotonic-binary', (d) => d.model.parts[0].calibrators[0].x.reverse()),
      /parts\[0\]\.calibrators\[0\]\.x are no points of a line/,
    ],
  ])('is refused with its place: %s', async (_, document, message) => {
    const refused = importSklearn(await optionsOf(document()));
    await expect(refused).rejects.toThrow(InputError);
    await expect(importSklearn(await optionsOf(document()))).rejects.toThrow(message);
  });

  it('by one letter or a piece is refused, or is a model', async () => {
    const text = JSON.stringify({ ...read('histogram-binary-own-categories'), rows: [] });
    const mutation = fc.record({
      at: fc.nat({ max: text.length - 1 }),
      length: fc.nat({ max: 60 }),
      put: fc.constantFrom('', '0', '-1', '"', '}', ',9'),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, length, put }) => {
        const options = await optionsOf(text.slice(0, at) + put + text.slice(at + length));
        await importSklearn(options).catch((error: unknown) => {
          if (!(error instanceof InputError || error instanceof BundleError)) throw error;
        });
      }),
      { numRuns: 60, examples: [[{ at: text.indexOf('"steps":'), length: 7, put: '' }]] },
    );
  });
});
