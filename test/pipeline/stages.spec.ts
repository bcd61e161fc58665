import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostedWorkspace, type Workspace } from '#testing';
import { provenChampion } from '../helper/proven-champion.js';

/** Ends what hangs; nothing depends on how fast a machine is. */
const PATIENCE = 600_000;

/** The lineage of the version that a workspace registers first. */
const lineageOf = (workspace: Workspace, version = '2'): any =>
  JSON.parse(workspace.bytes(`models/random_forest/${version}/manifest.json`).toString()).lineage;

describe('register, after stages that had other settings and other data', () => {
  const workspace = new HostedWorkspace();

  it(
    'tells what the model was made of, not what there is now',
    async () => {
      expect(await workspace.run('preprocess', '--set', 'training.seed=7')).toMatchObject({ code: 0 });
      for (const command of ['train', 'evaluate']) {
        expect(await workspace.run(command, '--set', 'training.seed=8')).toMatchObject({ code: 0 });
      }
      workspace.edit('data/raw/dataset.csv', (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1));
      await workspace.json('register', '--set', 'gate.accuracyMargin=1');
      const lineage = lineageOf(workspace);
      expect(lineage).toMatchObject({
        seed: 8,
        split: { seed: 7, test_share: 0.2 },
        config: { training: { seed: 8, hyperparameters: { n_estimators: 100 } } },
        data: { path: 'data/raw/dataset.csv', md5: 'd928913609c2f3aeb100b77fa6b7b3a9', size: 82151 },
        lock: null,
      });
    },
    PATIENCE,
  );
});

describe('preprocess --csv', () => {
  const workspace = new HostedWorkspace();

  it(
    'writes the parts as rows like the raw ones too: all of them, each once, good for another round',
    async () => {
      const { rows } = await workspace.json('preprocess', '--csv');
      const lines = (path: string) => workspace.bytes(path).toString().trimEnd().split(/\r?\n/);
      const [train, test] = ['data/processed/train.csv', 'data/processed/test.csv'].map(lines);
      expect([train.length, test.length]).toEqual([rows.train + 1, rows.test + 1]);
      const [header, ...raw] = lines('data/raw/dataset.csv');
      expect([train[0], test[0]]).toEqual([header, header]);
      const numbers = (line: string) => line.split(',').map(Number).join();
      expect([...train.slice(1), ...test.slice(1)].map(numbers).sort()).toEqual(raw.map(numbers).sort());
      expect(await workspace.run('validate', 'data/processed/train.csv')).toMatchObject({ code: 0 });
    },
    PATIENCE,
  );
});

describe('train', () => {
  const workspace = new HostedWorkspace();

  it(
    'writes the same bytes for a seed, whatever the number of threads',
    async () => {
      const outcomes = [];
      for (const threads of [1, 2]) {
        for (const command of ['preprocess', 'train']) {
          await workspace.run(command, '--set', `training.threads=${threads}`, '--set', 'training.folds=0');
        }
        outcomes.push(
          ['artifacts/candidate/model.onnx', 'data/processed/pipeline.json'].map((path) => workspace.bytes(path)),
        );
      }
      expect(outcomes[0]).toEqual(outcomes[1]);
    },
    PATIENCE,
  );

  it.each(['gradient_boosting', 'logistic_regression'])(
    'trains %s to a candidate whose export agrees, and that serves',
    async (algorithm) => {
      const settings = [
        '--set',
        `training.algorithm=${algorithm}`,
        '--set',
        'training.folds=0',
        '--set',
        'gate.minimumAccuracy=0.5',
      ];
      for (const command of ['preprocess', 'train', 'evaluate', 'register']) {
        expect(await workspace.run(command, ...settings)).toMatchObject({ code: 0 });
      }
      const version = algorithm === 'gradient_boosting' ? '2' : '3';
      expect(await workspace.run('models', 'promote', 'random_forest', version)).toMatchObject({ code: 0 });
      expect(await provenChampion(join(workspace.root, 'models'))).toBe(version);
    },
    PATIENCE,
  );

  it(
    'says in train, in run and on the model card that a model has not converged, also when run again',
    async () => {
      const settings = [
        ...['--set', 'training.algorithm=logistic_regression', '--set', 'training.hyperparameters.max_iterations=2'],
        ...['--set', 'training.folds=0', '--set', 'gate.accuracyMargin=1', '--set', 'gate.minimumAccuracy=0.1'],
      ];
      const warning =
        'logistic_regression has not converged in 2 iterations: its coefficients are not those of the least loss; ' +
        'raise training.hyperparameters.max_iterations, or l2 beside it';
      expect((await workspace.run('train', ...settings)).stderr).toContain(`warning: ${warning}\n`);
      for (let times = 0; times < 2; times++) {
        expect((await workspace.json('run', ...settings)).warnings).toContain(warning);
      }
      expect((await workspace.run('run', ...settings)).stderr).toContain(`warning: ${warning}\n`);
      expect(workspace.bytes('artifacts/evaluation/model-card.html').toString()).toContain(warning);
    },
    PATIENCE,
  );
});

describe('The pipeline and the API', () => {
  it('share one place that knows how features are computed', () => {
    const files = execFileSync('git', ['ls-files', 'apps', 'libs'], { encoding: 'utf8' }).trim().split('\n');
    const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
    // libs/learners and libs/statistics see columns of numbers, no names; their formulas have logarithms of their own.
    const seeing = sources.filter((file) => !/^libs\/(learners|statistics)\//.test(file));
    const formulas = seeing.filter((file) => /Math\.log1p|feature_1_x_|feature_4_log/.test(readFileSync(file, 'utf8')));
    expect(formulas).toEqual(['libs/features/src/steps/log1p.step.ts']);
  });
});
