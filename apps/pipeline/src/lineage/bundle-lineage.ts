import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PipelineConfig, projectRoot } from '#config';
import { digestOf, type Manifest } from '#registry';
import { readBytes } from '../data/read-bytes.js';

/** The commit that this project is at; null outside a repository. */
async function codeCommit(): Promise<string | null> {
  const git = promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: projectRoot() });
  return git.then(({ stdout }) => stdout.trim()).catch(() => null);
}

/** What it takes to make a version again: data, recipe, settings, code. */
export async function lineageOf(
  { data, training }: PipelineConfig,
  runId: string | null,
): Promise<Manifest['lineage']> {
  const digest = async (path: string): Promise<string | null> =>
    readBytes(path).then(
      (bytes) => digestOf(bytes).sha256,
      () => null,
    );
  return {
    source: 'skewless pipeline',
    run_id: runId,
    seed: training.seed,
    commit: await codeCommit(),
    versions: { node: process.versions.node },
    config: { data, training: { ...training, threads: undefined } },
    sha256: {
      data: await digest(data.path),
      recipe: await digest(data.recipe),
      'dvc.lock': await digest(join(projectRoot(), 'dvc.lock')),
    },
  };
}
