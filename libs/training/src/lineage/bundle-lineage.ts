import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageOptions } from '../stage.options.js';
import { fileMd5, projectRoot } from '#kit';
import type { Manifest } from '#bundle';
import type { PreparedData } from '../files/prepared-data.js';
import type { Training } from '../files/training-summary.js';
import { codeCommit } from './code-commit.js';
import { readRunLineage } from './run-lineage.js';

const packageAt = async (folder: string): Promise<{ version: string; dependencies: object }> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string; dependencies: object };

/** Versions of Node, this project and its dependencies. */
async function versions(): Promise<Record<string, string | undefined>> {
  const root = projectRoot();
  const { version, dependencies } = await packageAt(root);
  const libraries = Object.keys(dependencies).map(
    async (name) =>
      [name, (await packageAt(join(root, 'node_modules', name)).catch(() => undefined))?.version] as const,
  );
  return { node: process.versions.node, skewless: version, ...Object.fromEntries(await Promise.all(libraries)) };
}

/** The stages in dvc.lock, if it describes this candidate: single commands do not update it. */
async function lockedStages(config: StageOptions): Promise<unknown> {
  const { stages, lock } = await readRunLineage(config);
  for (const stage of stages) if (!(await lock.isUpToDate(stage, await lock.inputs(stage)))) return null;
  return lock.stages;
}

/**
 * All that is needed to reproduce a version: data, recipe, settings, code, libraries. What the stages recorded takes
 * precedence over current settings, because single commands may have run with others.
 */
export async function lineageOf(
  config: StageOptions,
  runId: string | null,
  {
    source,
    seed: splitSeed,
    test_share: testShare,
    cuts,
    split = { by: 'row_key', seed: splitSeed, test_share: testShare, cuts },
  }: PreparedData,
  { algorithm, hyperparameters, seed }: Training,
): Promise<Manifest['lineage']> {
  const { data, training } = config;
  return {
    source: 'skewless pipeline',
    run_id: runId,
    seed,
    split,
    commit: await codeCommit(),
    versions: await versions(),
    config: {
      data,
      training: { ...training, algorithm, hyperparameters, seed, testShare, threads: undefined },
    },
    data: { path: data.path, ...source },
    recipe: { path: data.recipe, ...(await fileMd5(data.recipe)) },
    lock: await lockedStages(config),
  };
}
