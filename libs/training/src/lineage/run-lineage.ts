import { join } from 'node:path';
import { projectRoot } from '#kit';
import type { StageOptions } from '../stage.options.js';
import { DvcLock } from './dvc-lock.js';
import { ownSettings, ownStages } from './own-stages.js';
import { readStages, type Stage } from './stage-graph.js';

/** The stages of a run, and their lock file. */
export interface RunLineage {
  readonly stages: readonly Stage[];
  readonly lock: DvcLock;
}

/** The project's `dvc.yaml` and `dvc.lock`; for a model with its own file, its stages and `models/<name>/dvc.lock`. */
export async function readRunLineage(config: StageOptions): Promise<RunLineage> {
  const { own, models } = config;
  if (own) {
    const path = join(models.directory, own.model.name, 'dvc.lock');
    return { stages: ownStages(config), lock: await DvcLock.read(path, own.home, ownSettings({ ...config, own })) };
  }
  const root = projectRoot();
  return { stages: await readStages(root, config), lock: await DvcLock.read(join(root, 'dvc.lock'), root, config) };
}
