import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { FeaturePipeline } from '#features';
import { readAliases, readBundle } from '#bundle';
import { ServedModel } from '#runtime';
import { temporaryFolder } from '#testing';
import { dumpFormat } from './dump-format.js';
import { importTrees, type TreesImportOptions } from './import-trees.js';
import type { TreeFormat } from './read-dump.js';
import { DumpFlaw } from './trees/dump-flaw.js';
import { translate } from './read-dump.js';
import { type SourceAnswers, sourceAnswers } from './trees/testing/source-answers.js';

const FOLDER = 'test/fixtures/boosters';
const folder = temporaryFolder();
let models: string;
let tests = 0;
beforeEach(async () => {
  models = join(folder, String(++tests));
  await mkdir(models);
});

async function write(file: string, contents: string | Buffer): Promise<string> {
  const path = join(folder, file);
  await writeFile(path, contents);
  return path;
}

async function optionsOf(name: string, more: Partial<TreesImportOptions> = {}): Promise<TreesImportOptions> {
  const file = join(FOLDER, sourceAnswers(FOLDER, name).file);
  const format = (await dumpFormat(file)) as TreeFormat;
  return { file, format, name: 'booster', modelsDirectory: models, champion: false, ...more };
}

/** The recorded answers in the CSV form of `--golden`. */
function csvOf({ columns, rows, predictions }: SourceAnswers): string {
  const answers = predictions[0].length > 1 ? predictions[0].map((_, k) => `probability_${k}`) : ['probability'];
  const lines = rows.map((row, i) => [...row.map((cell) => cell ?? ''), ...predictions[i]].join(','));
  return [[...columns, ...answers].join(','), ...lines].join('\n');
}

describe('Importing a model of trees without answers of its source', () => {
  it.each([
    ['xgboost-binary', 'binary'],
    ['xgboost-multi', 'multiclass'],
    ['xgboost-poisson', 'regression'],
    ['xgboost-categories', 'binary'],
    ['lightgbm-binary', 'binary'],
    ['lightgbm-multi', 'multiclass'],
    ['lightgbm-categories', 'binary'],
    ['lightgbm-zeros', 'binary'],
  ])('proves ONNX Runtime against the trees, on thresholds and next to them: %s', async (name, task) => {
    const imported = await importTrees(await optionsOf(name));
    expect(imported).toMatchObject({ version: '1', champion: null, proof: { answered_by: 'translation' } });
    expect(imported.proven_rows).toBeGreaterThanOrEqual(256);
    const bundle = await readBundle(imported.directory);
    expect([bundle.manifest.task, bundle.golden.rows.length, bundle.pipeline.accepts_missing]).toEqual([
      task,
      256,
      true,
    ]);
    expect(bundle.pipeline.feature_dtype).toBe(name.startsWith('xgboost') ? 'float32' : 'float64');
  });

  it('makes the version the challenger of a champion, and never the champion', async () => {
    const golden = await write('answers.csv', csvOf(sourceAnswers(FOLDER, 'xgboost-binary')));
    const proven = await importTrees(await optionsOf('xgboost-binary', { golden }));
    expect(proven).toMatchObject({ version: '1', champion: '1', proof: { answered_by: 'source' }, proven_rows: 76 });
    const second = await importTrees(await optionsOf('xgboost-binary'));
    expect(second).toMatchObject({ version: '2', champion: '1' });
    expect(await readAliases(models, 'booster')).toEqual({ champion: '1', challenger: '2' });
    await expect(importTrees(await optionsOf('xgboost-binary', { champion: true }))).rejects.toThrow(
      /--champion needs --golden/,
    );
  });
});

describe('Importing a model of trees with answers of its source', () => {
  it.each(['xgboost-multi', 'xgboost-categories', 'lightgbm-multi', 'lightgbm-categories', 'lightgbm-zeros'])(
    '%s',
    async (name) => {
      const answers = sourceAnswers(FOLDER, name);
      const golden = await write(`${name}.csv`, csvOf(answers));
      const { directory, champion } = await importTrees(await optionsOf(name, { golden }));
      expect(champion).toBe('1');
      const bundle = await readBundle(directory);
      const model = await ServedModel.open(bundle, new FeaturePipeline(), { threads: 1, maxPendingRows: 1_000 });
      expect(model.parity.rows).toBe(answers.rows.length);
      await model.close();
    },
  );

  it('takes the numbers of a regression, and names of classes', async () => {
    const poisson = sourceAnswers(FOLDER, 'xgboost-poisson');
    const golden = await write('poisson.csv', csvOf(poisson).replace('probability', 'prediction'));
    expect(await importTrees(await optionsOf('xgboost-poisson', { golden }))).toMatchObject({
      champion: '1',
      objective: 'count:poisson',
    });
    const named = await importTrees(await optionsOf('lightgbm-binary', { name: 'named', classes: ['no', 'yes'] }));
    expect((await readBundle(named.directory)).manifest.classes).toEqual(['no', 'yes']);
  });

  it('calls columns of LightGBM, which saves blanks as underscores, as the rows do', async () => {
    const answers = sourceAnswers(FOLDER, 'lightgbm-zeros');
    const blank = (name: string): string => `${name} of it`;
    const text = readFileSync(join(FOLDER, answers.file), 'utf8').replace(/^feature_names=.*$/m, (line) =>
      line.replace(/[^ =]+(?= |$)/g, (name) => blank(name).replaceAll(' ', '_')),
    );
    const file = await write('blanks.txt', text);
    const golden = await write('blanks.csv', csvOf({ ...answers, columns: answers.columns.map(blank) }));
    const { directory } = await importTrees(await optionsOf('lightgbm-zeros', { file, golden }));
    const { inputs, steps } = (await readBundle(directory)).pipeline;
    expect(inputs.map(({ name }) => name)).toEqual(answers.columns.map(blank));
    expect(steps.length).toBeGreaterThan(0);
  });

  it('says of XGBoost, which does not save what stood for no value, how to name it', async () => {
    const answers = sourceAnswers(FOLDER, 'xgboost-binary');
    const rows = answers.rows.map((row) => row.map((cell) => cell ?? -999));
    const golden = await write('numbers.csv', csvOf({ ...answers, rows }));
    await expect(importTrees(await optionsOf('xgboost-binary', { golden }))).rejects.toThrow(
      /numbers\.csv: rows\[\d+\]: .*as by missing=-999, is not saved with it: name it in the columns of a --recipe/,
    );
    const columns = answers.columns.map((name) => ({ name, type: 'float', nullable: true, missing: ['-999'] }));
    const recipe = await write(
      'numbers.json',
      JSON.stringify({ inputs: columns, steps: [], outputs: answers.columns }),
    );
    expect(await importTrees(await optionsOf('xgboost-binary', { golden, recipe }))).toMatchObject({ champion: '1' });
  });

  it('refuses a model that answers otherwise, and writes nothing', async () => {
    const answers = sourceAnswers(FOLDER, 'lightgbm-binary');
    const turned = { ...answers, predictions: answers.predictions.map(([share]) => [1 - share]) };
    const golden = await write('turned.csv', csvOf(turned));
    await expect(importTrees(await optionsOf('lightgbm-binary', { golden }))).rejects.toThrow(
      /turned\.csv: rows\[0\]: probability of 0: expected .*The model as it was saved answers otherwise: let/,
    );
    expect(await readAliases(models, 'booster')).toBeUndefined();
  });

  it.each([
    [{ classes: ['a'] }, '--classes names a; give 2 different names, in the order of the model.'],
    [
      { golden: 'age,income,visits,balance\n1,2,3,4' },
      /contains no answers of the source: add the column prediction, probability, or probability_0, probability_1\.$/,
    ],
    [{ golden: 'age,income,visits,probability\n1,2,3,0.5' }, /has no column "balance"/],
    [
      { golden: 'age,income,visits,balance,probability\n1,x,3,4,0.5' },
      /row 1: "income": expected a finite number, or null, got "x"\.$/,
    ],
    [
      { golden: 'age,income,visits,balance,probability\n1,2,3,4,1.5' },
      /row 1: a probability is not between 0 and 1\.$/,
    ],
    [{ golden: 'age,income,visits,balance,prediction\n1,2,3,4,yes' }, /row 1: "prediction" is "yes", none of 0, 1/],
  ])('refuses %j', async (given, message) => {
    const { golden, ...more } = given as { golden?: string; classes?: string[] };
    const path = golden && (await write('given.csv', golden));
    await expect(importTrees(await optionsOf('xgboost-binary', { ...more, golden: path }))).rejects.toThrow(message);
  });
});

describe('Formats', () => {
  it.each([
    ['tree\nversion=v4', 'lightgbm'],
    ['{"learner":{}}', 'xgboost-json'],
    [' {"type":"RandomForestClassifier"}', 'sklearn'],
    ['{L\0\0\0\0\0\0\0\u0007learner', 'xgboost-ubjson'],
    ['\u0008\u0008\u0012', 'onnx'],
  ])('are told by content: %j is %s', async (text, format) => {
    expect(await dumpFormat(await write('model.any', Buffer.from(text, 'latin1')))).toBe(format);
  });

  it.each([
    ['\x80\x04\x95', /is a pickle, which can run any code and is never opened/],
    ['', /is empty\. Save the model again/],
    ['\x78\x9c\x01', /is compressed, as joblib\.dump\(compress=.*a pickle, which can run any code and is never opened/],
    ['\x1f\x8b\x08', /is compressed.*unpack a model that was saved so/],
    ['PK\x03\x04', /is a ZIP archive/],
    ['<?xml version="1.0"?>\n<PMML>', /is XML or HTML.*PMML/],
    ['hello, I am no model\n', /is text, but not a file that/],
    ['null', /is text, but not a file that/],
    ['{"features_info":{},"oblivious_trees":[]}', /CatBoost/],
    ['CBM1', /CatBoost/],
    ['binf', /before 2\.0/],
    ['{"name":"tree","version":"v4"}', /dump_model of LightGBM/],
    ['[\n  { "nodeid": 0', /dump_model of XGBoost/],
  ])('that are never opened are named: %j', async (text, message) => {
    await expect(dumpFormat(await write('model.any', Buffer.from(text, 'latin1')))).rejects.toThrow(message);
  });
});

const BINARY = JSON.parse(readFileSync(join(FOLDER, 'xgboost-binary.json'), 'utf8')) as object;
const TEXT = readFileSync(join(FOLDER, 'lightgbm-binary.txt'), 'utf8');

/** The XGBoost fixture with the value at one path changed. */
function changed(path: string, value: unknown): Buffer {
  const copy = structuredClone(BINARY) as Record<string, never>;
  const keys = path.split('.');
  const parent = keys.slice(0, -1).reduce<Record<string, never>>((at, key) => at[key], copy);
  parent[keys.at(-1)!] = value as never;
  return Buffer.from(JSON.stringify(copy));
}

describe('What is not imported, or wrong', () => {
  const model = 'learner.gradient_booster';
  const tree = `${model}.model.trees.0`;
  it.each<[string, unknown, RegExp]>([
    [`${model}.name`, 'dart', /is DART.*gbtree/],
    [`${model}.name`, 'gblinear', /is gblinear, which has no trees/],
    ['learner.objective.name', 'binary:hinge', /"binary:hinge", whose predictions are not made here.*binary:logistic/],
    [`${tree}.tree_param.size_leaf_vector`, '3', /leaves of several values.*one_output_per_tree/],
    ['learner.learner_model_param.num_target', '2', /says 2 predictions a row/],
    ['learner.learner_model_param.base_score', '[0.1,0.2]', /has 2 numbers, not 1/],
    ['learner.learner_model_param.base_score', '0', /no base score of binary:logistic/],
    [`${tree}.left_children.0`, 0, /comes to node 0 twice/],
    [`${tree}.left_children.0`, 9_999, /names node 9999 of/],
    [`${tree}.split_indices.0`, 4, /asks for feature 4 of 4/],
    [`${tree}.right_children`, [], /has 0 numbers, not/],
    [`${tree}.split_conditions`, 'x', /is no array/],
    [`${model}.model.tree_info.0`, 1, /is of group 1 of 1/],
    ['learner.feature_names', ['a'], /has 1 entries, not 4/],
  ])('in a model of XGBoost: %s = %j', (path, value, message) => {
    const refused = (): unknown => translate(changed(path, value), 'xgboost-json', 'best');
    expect(refused).toThrow(DumpFlaw);
    try {
      refused();
    } catch (error) {
      const { where, problem, remedy } = error as DumpFlaw;
      expect(`${where} ${problem}. ${remedy}.`).toMatch(message);
    }
  });

  it.each<[RegExp, string, RegExp]>([
    [/^is_linear=0$/m, 'is_linear=1', /linear_tree/],
    [/^objective=.*$/m, 'objective=multiclassova num_class:3 sigmoid:1', /do not add up to one/],
    [/^objective=.*$/m, 'objective=regression sqrt', /reg_sqrt/],
    [/^objective=.*\n/m, '', /a custom function/],
    [/^end of trees$/m, '', /is incomplete/],
    [/^left_child=\S+/m, 'left_child=0', /comes to node 0 twice/],
    [/^split_feature=\S+/m, 'split_feature=7', /asks for feature 7 of 4/],
    [/^leaf_value=\S+/m, 'leaf_value=inf', /is a leaf of Infinity/],
    [/^threshold=\S+/m, 'threshold=nan', /has "nan" in threshold, no number/],
    [/^decision_type=\S+/m, 'decision_type=77', /decides by 77/],
    [/^num_leaves=\S+/m, 'num_leaves=99999999', /not 99999999/],
  ])('in a model of LightGBM: %s', (place, text, message) => {
    const refused = (): unknown => translate(Buffer.from(TEXT.replace(place, text)), 'lightgbm', 'best');
    try {
      refused();
    } catch (error) {
      const { where, problem, remedy } = error as DumpFlaw;
      expect(`${where} ${problem}. ${remedy}.`).toMatch(message);
      return;
    }
    throw new Error('was not refused');
  });

  const files = ['xgboost-binary.json', 'xgboost-categories.ubj', 'lightgbm-categories.txt'];
  it.each(files)('a mutated dump is refused as such, or is a model: %s', async (file) => {
    const bytes = await readFile(join(FOLDER, file));
    const format = (await dumpFormat(join(FOLDER, file))) as TreeFormat;
    const place = fc.nat({ max: bytes.length - 1 });
    const mutation = fc.oneof(
      fc.record({ kind: fc.constant('cut' as const), at: place }),
      fc.record({ kind: fc.constant('byte' as const), at: place, byte: fc.nat({ max: 255 }) }),
      fc.record({ kind: fc.constant('digit' as const), at: place, byte: fc.integer({ min: 48, max: 57 }) }),
      fc.record({ kind: fc.constant('twice' as const), at: place, length: fc.integer({ min: 1, max: 200 }) }),
    );
    const mutated = (one: typeof mutation extends fc.Arbitrary<infer M> ? M : never): Buffer => {
      const { kind, at } = one;
      if (kind === 'cut') return bytes.subarray(0, at);
      if (kind === 'twice') return Buffer.concat([bytes.subarray(0, at + one.length), bytes.subarray(at)]);
      const copy = Buffer.from(bytes);
      copy[at] = one.byte;
      return copy;
    };
    fc.assert(
      fc.property(mutation, (one) => {
        try {
          const { ensemble } = translate(mutated(one), format, 'best');
          expect(ensemble.leafValues.every(Number.isFinite)).toBe(true);
          expect(ensemble.left.every((child, i) => child === -1 || (child > i && child < ensemble.left.length))).toBe(
            true,
          );
        } catch (error) {
          if (!(error instanceof DumpFlaw)) throw error;
        }
      }),
      { numRuns: 34 },
    );
  });

  it('adds the base score of binary:logitraw as it is, of binary:logistic as its logit', () => {
    const startOf = (objective: string): number => {
      const document = JSON.parse(changed('learner.objective.name', objective).toString()) as Record<string, never>;
      (document.learner as Record<string, object>).learner_model_param = {
        ...(document.learner as Record<string, object>).learner_model_param,
        base_score: '[2.5E-1]',
      };
      return translate(Buffer.from(JSON.stringify(document)), 'xgboost-json', 'best').ensemble.baseValues[0];
    };
    expect(startOf('binary:logitraw')).toBe(0.25);
    expect(startOf('binary:logistic')).toBeCloseTo(-Math.log(3), 6);
  });

  it('takes trees up to the best iteration, and says so', () => {
    const stopped = changed('learner.attributes', { best_iteration: '1' });
    const best = translate(stopped, 'xgboost-json', 'best');
    const all = translate(stopped, 'xgboost-json', 'all');
    expect([best.ensemble.roots.length, all.ensemble.roots.length]).toEqual([2, 4]);
    expect(best.notes).toEqual([
      expect.stringMatching(
        /^Training stopped early: iteration 1 of 0 to 3 was the best\. The trees up to it are taken/,
      ),
    ]);
    expect(all.notes).toEqual([expect.stringMatching(/Every tree is taken, as Booster\.predict does/)]);
  });
});
