import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from '#testing';
import { python } from './helper/python.js';

describe('DVC', () => {
  const workspace = new Workspace();
  const dvc = (...args: string[]): string =>
    execFileSync(python('dvc'), ['-m', 'dvc', ...args], { cwd: workspace.root, encoding: 'utf8' });

  beforeAll(async () => {
    python('dvc');
    for (const path of ['.dvc', 'dvc.lock']) cpSync(path, join(workspace.root, path), { recursive: true });
    writeFileSync(join(workspace.root, '.dvc/config'), '[core]\n    no_scm = true\n    analytics = false\n');
    await workspace.json('run');
  });

  it('finds nothing changed after a run', () => {
    expect(JSON.parse(dvc('status', '--json'))).toEqual({});
  });

  it('has nothing to repeat, and leaves dvc.lock as it is', () => {
    const before = workspace.bytes('dvc.lock');
    dvc('repro', '--no-commit');
    expect(workspace.bytes('dvc.lock').equals(before)).toBe(true);
  });

  it('names the stages that a changed seed concerns', () => {
    workspace.edit('config/config.yaml', (text) => text.replace('seed: 42', 'seed: 7'));
    expect(Object.keys(JSON.parse(dvc('status', '--json')))).toEqual(['preprocess', 'train', 'evaluate']);
  });
});
