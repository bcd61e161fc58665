import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BundleError, readAnyBundle } from '#bundle';
import { adder, temporaryFolder } from '#testing';
import { InputError } from '#kit';
import { importOnnx, type OnnxImportOptions } from './import-onnx.js';

const FIXTURES = 'test/fixtures/labels';
const TREE = join(FIXTURES, 'two_class.onnx');
const BOOSTED = join(FIXTURES, 'xgboost_all_positive.onnx');
const BOOSTED_ROWS = join(FIXTURES, 'xgboost_all_positive.csv');

const folder = temporaryFolder();
const modelsDirectory = join(folder, 'models');
let names = 0;

const bring = (file: string, options: Partial<OnnxImportOptions> = {}) =>
  importOnnx({ file, name: `m${++names}`, modelsDirectory, champion: false, ...options });

const csv = (text: string): string => {
  const path = join(folder, `rows${++names}.csv`);
  writeFileSync(path, text);
  return path;
};

const labelsOf = async (directory: string) => {
  const { manifest } = await readAnyBundle(directory);
  return 'kind' in manifest ? manifest.labels : undefined;
};

describe('An imported classifier whose label contradicts its probabilities', () => {
  it.each([
    [TREE, /answers a label that contradicts its largest probability in (\d+) of 256 rows/],
    [BOOSTED, /answers a label that contradicts its largest probability in (\d+) of 256 rows/],
  ])('%s is refused with what to say instead, and nothing is written', async (file, message) => {
    const error = (await bring(file, { name: 'refused' }).catch((reason: unknown) => reason)) as BundleError;
    expect(error).toBeInstanceOf(BundleError);
    expect([error.file, error.message]).toEqual([file, expect.stringMatching(message) as string]);
    expect(error.message).toContain('--labels model or --labels argmax');
    expect(readdirSync(folder)).not.toContain('models');
  });

  it.each([
    [BOOSTED, BOOSTED_ROWS, 40],
    [TREE, csv('x0,x1,prediction\n0,0,0\n1,0,1\n'), 2],
  ])('%s: rows that its source answered decide for the largest probability', async (file, golden, rows) => {
    const imported = await bring(file, { golden });
    expect(imported).toMatchObject({ labels: 'argmax', source_rows: rows, compared_rows: 256 });
    expect(await labelsOf(imported.directory)).toBe('argmax');
  });

  it('rows decide for the label of the model as well: a tuned threshold is none of ours to undo', async () => {
    const imported = await bring(TREE, { golden: csv('x0,x1,prediction\n0,0,1.0\n1,0,1.0\n') });
    expect(imported).toMatchObject({ labels: 'model', source_rows: 2 });
  });

  it.each(['model', 'argmax'] as const)('--labels %s decides without rows', async (labels) => {
    const imported = await bring(BOOSTED, { labels });
    expect([imported.labels, await labelsOf(imported.directory)]).toEqual([labels, labels]);
  });

  it('rows on which both ways agree decide nothing', async () => {
    await expect(bring(TREE, { golden: csv('x0,x1,prediction\n1,0,1\n') })).rejects.toThrow(
      'contradicts its largest probability',
    );
  });

  it.each([
    [
      'x0,x1,prediction\n0,0,0\n0,0,1\n',
      undefined,
      "row 2: the source says 1, the model's label is 1, its largest probability that of 0",
    ],
    [
      'x0,x1,prediction\n0,0,7\n',
      undefined,
      "row 1: the source says 7, the model's label is 1, its largest probability that of 0",
    ],
    [
      'x0,x1,prediction\n0,0,0\n',
      'model',
      "row 1: the source says 0, the model's label is 1, its largest probability that of 0",
    ],
    ['x0,x1\n0,0\n', undefined, 'must be CSV with rows and a column "prediction": the label that the source gave'],
    [
      'x0,prediction\n0,1\n',
      undefined,
      'has the columns x0 beside prediction; expected are 2 columns, in the order of the features (x)',
    ],
    ['x0,x1,prediction\n0,high,1\n', undefined, 'row 1 holds no number: "high"'],
  ] as const)('refuses the rows %j with --labels %s', async (text, labels, message) => {
    const error = (await bring(TREE, { golden: csv(text), labels }).catch((reason: unknown) => reason)) as InputError;
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain(message);
  });

  it('leaves models alone that answer no such pair, and cannot decide for them', async () => {
    const file = join(folder, 'adder.onnx');
    writeFileSync(file, adder());
    expect(await bring(file)).toMatchObject({ labels: null, compared_rows: 0, source_rows: 0 });
    await expect(bring(file, { labels: 'argmax' })).rejects.toThrow(
      'does not tell the labels of its classes, so that they cannot come from the largest probability',
    );
  });
});
