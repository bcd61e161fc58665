import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from '#testing';
import { dvcStatus } from './helper/dvc-status.js';

const COMMITTED = ['.dvc', 'dvc.lock'];
/** Written by the stages, not committed: a fresh clone has none of them. */
const PRODUCED = /: (artifacts|data\/processed)\//;

describe('dvc status', () => {
  const workspace = new Workspace();
  beforeAll(() => COMMITTED.forEach((path) => cpSync(path, join(workspace.root, path), { recursive: true })));

  it('misses in a fresh clone what the stages produce, and nothing else', () => {
    const changes = Object.entries(dvcStatus(workspace.root));
    expect(changes.filter(([what]) => !PRODUCED.test(what))).toEqual([]);
    expect(new Set(changes.map(([, state]) => state))).toEqual(new Set(['deleted']));
  });

  it('is clean after a run, which leaves dvc.lock as it is committed: the same bytes in every clone', async () => {
    await workspace.json('run');
    expect(dvcStatus(workspace.root)).toEqual({});
    expect(workspace.bytes('dvc.lock').toString()).toBe(readFileSync('dvc.lock', 'utf8'));
  });

  it('tells what was changed since', () => {
    workspace.edit('config/config.yaml', (text) => text.replace('seed: 42', 'seed: 7'));
    workspace.edit('dvc.yaml', (text) => text.replace('pipeline -- evaluate', 'pipeline -- evaluate --json'));
    workspace.edit('data/processed/metadata.json', (text) => `${text}\n`);
    expect(dvcStatus(workspace.root)).toEqual({
      'preprocess: config/config.yaml: training.seed': 'modified',
      'preprocess: data/processed/metadata.json': 'modified',
      'train: config/config.yaml: training.seed': 'modified',
      'train: data/processed/metadata.json': 'modified',
      'evaluate: cmd': 'changed command',
      'evaluate: config/config.yaml: training.seed': 'modified',
      'evaluate: data/processed/metadata.json': 'modified',
    });
  });

  it('sees all that it needs under version control', () => {
    const needed = ['.dvc/config', 'dvc.yaml', 'dvc.lock', 'data/raw/dataset.csv', 'data/raw/dataset.csv.dvc'];
    const tracked = execFileSync('git', ['ls-files', ...needed], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(tracked.sort()).toEqual(needed.sort());
  });
});
