import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPipelineConfig } from '#config';
import { temporaryFolder } from '#testing';
import { readStages } from './stage-graph.js';

describe('readStages', () => {
  const root = temporaryFolder();
  const file = join(root, 'dvc.yaml');
  const read = (text: string) => {
    writeFileSync(file, text);
    return readStages(root, loadPipelineConfig({}));
  };
  const sentence = (message: RegExp) =>
    expect.objectContaining({ name: 'InputError', message: expect.stringMatching(message) });

  it('reads the stages in their order', async () => {
    const stages = await read(readFileSync('dvc.yaml', 'utf8'));
    expect(stages.map(({ name }) => name)).toEqual(['validate', 'preprocess', 'train', 'evaluate']);
    expect(stages[0].deps).toEqual(['config/features.yaml', 'data/raw/dataset.csv']);
  });

  it.each([
    ['relative', (): string => 'data/other.csv', 'data/other.csv'],
    ['absolute', (): string => join(root, 'data/other.csv'), 'data/other.csv'],
    ['elsewhere', (): string => '/tmp/elsewhere/other.csv', '/tmp/elsewhere/other.csv'],
  ])('names files as DVC does: %s', async (_, path, dep) => {
    writeFileSync(file, 'stages: { validate: { cmd: a, deps: ["${data.path}"] } }\n');
    const config = loadPipelineConfig({}, { path: ['data.path', path()] });
    expect((await readStages(root, config))[0].deps).toEqual([dep]);
  });

  it.each([
    ['empty', '', /dvc\.yaml: the document must be object\.$/],
    ['no YAML', 'stages:\n  - :: [\n', /dvc\.yaml cannot be parsed: /],
    ['without commands', 'stages: { train: {} }\n', /dvc\.yaml: stages\.train must have required property 'cmd'\.$/],
    [
      'of other params',
      'stages: { train: { cmd: a, params: [seed] } }\n',
      /stages\.train\.params\.0 must be object\.$/,
    ],
  ])('refuses a dvc.yaml that is %s in a sentence', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(sentence(message));
  });

  it('says that there is none', async () => {
    rmSync(file);
    await expect(readStages(root, loadPipelineConfig({}))).rejects.toThrow(
      sentence(/cannot be read: it does not exist/),
    );
  });
});
