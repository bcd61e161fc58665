import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HostedWorkspace, type Workspace } from '#testing';

/** Limit for hanging processes; no result depends on the speed of the machine. */
export const PATIENCE = 600_000;

const PARTS = ['artifacts', 'data/processed', 'models', 'base', 'dvc.lock'];

/** A digest of the inputs of the trainings: the build, the settings and the data. */
function digest(): string {
  const hash = createHash('sha256');
  for (const file of ['dist/built', 'config/config.yaml', 'config/features.yaml', 'data/raw/dataset.csv']) {
    hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Trains a champion that records its training rows, and a candidate that is as good. */
async function trainBoth(workspace: Workspace): Promise<void> {
  const models = join(workspace.root, 'models');
  rmSync(join(models, 'random_forest'), { recursive: true });
  await workspace.run('run', '--set', 'training.folds=0', '--set', 'training.hyperparameters.n_estimators=40');
  rmSync(join(models, 'random_forest/history.jsonl'));
  cpSync(models, join(workspace.root, 'base'), { recursive: true });
  await workspace.run('run', '--set', 'training.folds=0', '--set', 'gate.maximums.log_loss=0');
}

const copy = (from: string, to: string): void => {
  for (const part of PARTS) {
    mkdirSync(dirname(join(to, part)), { recursive: true });
    cpSync(join(from, part), join(to, part), { recursive: true, preserveTimestamps: true });
  }
};

/** A workspace with a champion and an unregistered candidate: trained once per build and cached for all specs. */
export class RegistrationWorkspace extends HostedWorkspace {
  readonly models = join(this.root, 'models');
  /** The models before anything was registered. */
  readonly base = join(this.root, 'base');

  async prepare(): Promise<void> {
    const kept = join(tmpdir(), `skewless-trained-${digest()}`);
    if (!existsSync(kept)) {
      await trainBoth(this);
      const written = mkdtempSync(join(tmpdir(), 'skewless-'));
      copy(this.root, written);
      try {
        renameSync(written, kept);
      } catch {
        // Another Jest worker was faster.
        rmSync(written, { recursive: true });
      }
    } else {
      rmSync(this.models, { recursive: true });
      copy(kept, this.root);
    }
  }

  /** A separate models folder, as before anything was registered. */
  freshModels(name: string): string {
    const directory = join(this.root, name);
    cpSync(this.base, directory, { recursive: true });
    return directory;
  }

  /** Separate artifacts and prepared data, beside a separate models folder. */
  ownCandidate(own: string): string[] {
    for (const part of ['artifacts', 'data/processed'])
      cpSync(join(this.root, part), join(own, part), { recursive: true });
    return [
      ...into(join(own, 'models')),
      '--set',
      `training.artifacts=${own}/artifacts`,
      '--set',
      `data.processed=${own}/data/processed`,
    ];
  }
}

export const into = (directory: string): string[] => ['--set', `models.directory=${directory}`];

export const history = (directory: string): unknown[] =>
  readFileSync(join(directory, 'random_forest', 'history.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

/** Adds a copy of version 1 as version 2. */
export function addSecond(folder: string): void {
  cpSync(join(folder, '1'), join(folder, '2'), { recursive: true });
  const manifest = readFileSync(join(folder, '1/manifest.json'), 'utf8').replace('"version": "1"', '"version": "2"');
  writeFileSync(join(folder, '2/manifest.json'), manifest);
}
