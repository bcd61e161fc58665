import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PipelineConfig, projectRoot } from '#config';
import type { Manifest } from '#registry';
import { codeCommit } from './code-commit.js';
import { DvcLock } from './dvc-lock.js';
import { fileDigest } from './file-digest.js';
import { readStages } from './stage-graph.js';

const packageAt = async (folder: string): Promise<{ version: string; dependencies: object }> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string; dependencies: object };

/** Versions of Node, of this project and of all that it is installed with. */
async function versions(): Promise<Record<string, string | undefined>> {
  const root = projectRoot();
  const { version, dependencies } = await packageAt(root);
  const libraries = Object.keys(dependencies).map(
    async (name) =>
      [name, (await packageAt(join(root, 'node_modules', name)).catch(() => undefined))?.version] as const,
  );
  return { node: process.versions.node, skewless: version, ...Object.fromEntries(await Promise.all(libraries)) };
}

/** The stages as dvc.lock records them, where it is a record of this candidate: single commands do not write it. */
async function lockedStages(config: PipelineConfig): Promise<unknown> {
  const lock = await DvcLock.read(projectRoot(), config);
  for (const stage of await readStages(projectRoot(), config)) if (!(await lock.isUpToDate(stage))) return null;
  return lock.stages;
}

/** What it takes to make a version again: data, recipe, settings, code, libraries. */
export async function lineageOf(config: PipelineConfig, runId: string | null): Promise<Manifest['lineage']> {
  const { data, training } = config;
  const file = async (path: string): Promise<object> => ({ path, ...(await fileDigest(path)) });
  return {
    source: 'skewless pipeline',
    run_id: runId,
    seed: training.seed,
    commit: await codeCommit(),
    versions: await versions(),
    config: { data, training: { ...training, threads: undefined } },
    data: await file(data.path),
    recipe: await file(data.recipe),
    lock: await lockedStages(config),
  };
}
