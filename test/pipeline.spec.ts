import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from '#testing';
import { provenChampion } from './helper/proven-champion.js';

/** Ends what hangs; nothing depends on how fast a machine is. */
const PATIENCE = 600_000;

/** What the newest run has recorded. */
function newestRecords({ root }: Workspace): Record<string, unknown>[] {
  const newest = readdirSync(join(root, 'runs')).sort().at(-1)!;
  const lines = readFileSync(join(root, 'runs', newest, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The lineage of the version that a workspace registers first. */
const lineageOf = (workspace: Workspace, version = '2'): any =>
  JSON.parse(workspace.bytes(`models/random_forest/${version}/manifest.json`).toString()).lineage;

describe('pipeline run', () => {
  const workspace = new Workspace();

  it(
    'goes from raw data to a registered champion that proves itself at load',
    async () => {
      const { stages, notes, registration } = await workspace.json('run');
      expect(stages).toEqual({ validate: 'done', preprocess: 'done', train: 'done', evaluate: 'done' });
      expect(notes).toMatchObject({ preprocess: ['Of 1,000 rows none was dropped; 1,000 kept.'] });
      // Of the champion that came with the project nobody knows which rows it has seen.
      expect(registration).toMatchObject({
        outcome: 'challenger',
        model: 'random_forest',
        version: '2',
        champion: '1',
        reasons: [
          expect.stringMatching(/^it cannot be known which rows champion 1/),
          expect.stringMatching(/^log loss/),
        ],
      });
      expect(await workspace.run('models', 'promote', 'random_forest', '2')).toMatchObject({ code: 0 });
      expect(await provenChampion(join(workspace.root, 'models'))).toBe('2');
      const metrics = JSON.parse(workspace.bytes('artifacts/evaluation/metrics.json').toString()) as {
        accuracy: number;
      };
      expect(metrics.accuracy).toBeGreaterThanOrEqual(0.985);
    },
    PATIENCE,
  );

  it(
    'does nothing when nothing has changed, but when it is told to',
    async () => {
      const { stages, registration } = await workspace.json('run');
      expect(new Set(Object.values(stages as object))).toEqual(new Set(['up to date']));
      expect(registration.outcome).toBe('already registered');
      const forced = await workspace.json('run', '--force');
      expect(new Set(Object.values(forced.stages as object))).toEqual(new Set(['done']));
      expect(forced.registration.outcome).toBe('already registered');
    },
    PATIENCE,
  );

  it(
    'does only what depends on a changed setting',
    async () => {
      workspace.edit('config/config.yaml', (text) =>
        text.replace('hyperparameters: {}', 'hyperparameters: { n_estimators: 20 }'),
      );
      const { stages } = await workspace.json('run', '--set', 'gate.maximums.log_loss=0');
      expect(stages).toEqual({ validate: 'up to date', preprocess: 'up to date', train: 'done', evaluate: 'done' });
      workspace.edit('config/config.yaml', (text) => text.replace('seed: 42', 'seed: 7'));
      const again = await workspace.json('run', '--set', 'gate.maximums.log_loss=0');
      expect(again.stages).toEqual({ validate: 'up to date', preprocess: 'done', train: 'done', evaluate: 'done' });
    },
    PATIENCE,
  );

  it(
    'evaluates again when another version has become the champion',
    async () => {
      await workspace.run('models', 'promote', 'random_forest', '1');
      const { stages } = await workspace.json('run', '--set', 'gate.maximums.log_loss=0');
      expect(stages).toMatchObject({ train: 'up to date', evaluate: 'done' });
      expect(JSON.parse(workspace.bytes('artifacts/evaluation/evaluation.json').toString())).toMatchObject({
        subject: { champion: '1' },
      });
      const again = await workspace.json('run', '--set', 'gate.maximums.log_loss=0');
      expect(new Set(Object.values(again.stages as object))).toEqual(new Set(['up to date']));
    },
    PATIENCE,
  );

  it(
    'notices that rows have changed, wherever they are, and a reference too',
    async () => {
      const [rows, reference] = ['tmp/rows.csv', 'tmp/reference.json'];
      const raw = workspace.bytes('data/raw/dataset.csv');
      writeFileSync(join(workspace.root, rows), raw);
      const baseline = workspace.bytes('models/random_forest/1/baseline.json').toString();
      writeFileSync(join(workspace.root, reference), baseline);
      const settings = [`data.path=${rows}`, `validation.reference=${reference}`, 'gate.maximums.log_loss=0'];
      const run = async () =>
        (await workspace.json('run', ...settings.flatMap((setting) => ['--set', setting]))).stages;
      await run();
      expect(new Set(Object.values(await run()))).toEqual(new Set(['up to date']));
      writeFileSync(join(workspace.root, reference), `${baseline}\n`);
      expect(await run()).toMatchObject({ validate: 'done', train: 'up to date' });
      writeFileSync(join(workspace.root, rows), raw.subarray(0, raw.lastIndexOf('\n', raw.length - 2) + 1));
      expect(new Set(Object.values(await run()))).toEqual(new Set(['done']));
    },
    PATIENCE,
  );

  it(
    'finds what it wrote elsewhere',
    async () => {
      const elsewhere = ['--set', 'training.artifacts=tmp/artifacts', '--set', 'gate.maximums.log_loss=0'];
      expect((await workspace.json('run', ...elsewhere)).stages).toMatchObject({ train: 'done', evaluate: 'done' });
      expect((await workspace.json('run', ...elsewhere)).stages).toMatchObject({ train: 'up to date' });
    },
    PATIENCE,
  );

  it(
    'keeps what it takes to make a version again',
    () => {
      const lineage = lineageOf(workspace);
      const raw = { path: 'data/raw/dataset.csv', md5: 'd928913609c2f3aeb100b77fa6b7b3a9', size: 82151 };
      expect(lineage).toMatchObject({ seed: 42, data: raw, recipe: { path: 'config/features.yaml' } });
      expect(lineage.run_id).toMatch(/^[0-9a-f]{32}$/);
      expect(lineage.versions).toMatchObject({ node: process.versions.node, 'onnxruntime-node': '1.30.0' });
      expect(Object.keys(lineage.lock)).toEqual(['validate', 'preprocess', 'train', 'evaluate']);
      expect(lineage.lock.preprocess.deps).toContainEqual({ hash: 'md5', ...raw });
    },
    PATIENCE,
  );

  it(
    'leaves a record of a run that came to nothing, and why',
    async () => {
      const ended = await workspace.run('run', '--set', 'validation.rowCount.minimum=100000');
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(
        /^error: data\/raw\/dataset\.csv is not fit to train on:\nerror: rowCount: 1,000 rows/,
      );
      const [error, end] = newestRecords(workspace).slice(-2);
      expect(error).toEqual({ type: 'tag', key: 'error', value: expect.stringMatching(/not fit to train on/) });
      expect(end).toMatchObject({ type: 'end', status: 'FAILED' });
    },
    PATIENCE,
  );

  it(
    'is at work once: another one at the same moment is refused, and binds nobody when it is killed',
    async () => {
      const { child, ended } = workspace.start('run', '--force');
      await new Promise((resolve) => child.stdout!.once('data', resolve));
      // However slow this test is, that run is at work until it is killed.
      child.kill('SIGSTOP');
      const { code, stdout, stderr } = await workspace.run('run');
      expect([code, stdout]).toEqual([75, '']);
      expect(stderr).toMatch(/^error: Another "run" is at work in \S+: try again when it has ended\.\n$/);
      child.kill('SIGKILL');
      await ended;
      expect(await workspace.json('run')).toMatchObject({ stages: { validate: 'up to date' } });
    },
    PATIENCE,
  );

  it(
    'records in dvc.lock what DVC would: md5, size, command and parameters',
    () => {
      const lock = workspace.bytes('dvc.lock').toString();
      const size = workspace.bytes('data/raw/dataset.csv').length;
      expect(lock).toMatch(/^schema: '2\.0'\nstages:\n {2}validate:\n {4}cmd: npm run --silent pipeline -- validate\n/);
      expect(lock).toContain(
        `    - path: data/raw/dataset.csv\n      hash: md5\n      md5: d928913609c2f3aeb100b77fa6b7b3a9\n      size: ${size}\n`,
      );
      expect(lock).toContain('        training.seed: 7\n');
    },
    PATIENCE,
  );
});

describe('run, when the gate lets a candidate pass that it refused before', () => {
  const workspace = new Workspace();
  rmSync(join(workspace.root, 'models/random_forest'), { recursive: true });

  it(
    'records the version and its alias, though no stage had to run',
    async () => {
      const refused = await workspace.json('run', '--set', 'gate.maximums.log_loss=0');
      expect(refused.registration).toMatchObject({ outcome: 'refused', version: null });
      const { stages, registration } = await workspace.json('run');
      expect(new Set(Object.values(stages))).toEqual(new Set(['up to date']));
      expect(registration).toMatchObject({ outcome: 'registered', version: '1' });
      expect(readdirSync(join(workspace.root, 'runs'))).toHaveLength(2);
      const records = newestRecords(workspace);
      const lineage = lineageOf(workspace, '1');
      expect(records[0]).toMatchObject({ type: 'run', id: lineage.run_id });
      expect(records.slice(-3)).toMatchObject([
        { type: 'model-version', version: '1' },
        { type: 'alias', alias: 'champion', version: '1' },
        { type: 'end', status: 'FINISHED' },
      ]);
    },
    PATIENCE,
  );
});

describe('A run without its MLflow server', () => {
  const workspace = new Workspace();
  const server = ['--set', 'tracking.uri=http://127.0.0.1:1'];
  const warning = /^warning: \d+ records are left for "tracking push": http:\/\/127\.0\.0\.1:1 gave no answer to/m;

  it(
    'succeeds, and says what is left and why, as does the push',
    async () => {
      for (const command of [['run'], ['tracking', 'push']]) {
        const { code, stderr } = await workspace.run(...command, ...server);
        expect(code).toBe(0);
        expect(stderr).toMatch(warning);
      }
    },
    PATIENCE,
  );
});

describe('register, after stages that had other settings and other data', () => {
  const workspace = new Workspace();

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
  const workspace = new Workspace();

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
  const workspace = new Workspace();

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

describe('A command line that cannot be done', () => {
  const workspace = new Workspace();

  it.each([
    ['an unknown command', ['trian'], "error: unknown command 'trian'\n(Did you mean train?)\n(--help tells more)\n"],
    [
      'an unknown option',
      ['train', '--sed', '7'],
      "error: unknown option '--sed'\n(Did you mean --set?)\n(--help tells more)\n",
    ],
    ['a missing argument', ['generate-data'], "error: missing required argument 'file'\n(--help tells more)\n"],
    [
      'a stage before its time',
      ['train'],
      'error: data/processed/metadata.json does not exist: run "preprocess" first, or "run" for all stages.\n',
    ],
    [
      'an evaluation of nothing',
      ['evaluate'],
      'error: data/processed/metadata.json does not exist: run "preprocess" first, or "run" for all stages.\n',
    ],
    [
      'a registration of nothing',
      ['register'],
      'error: artifacts/evaluation/evaluation.json does not exist: run "evaluate" first, or "run" for all stages.\n',
    ],
    [
      'a hyperparameter that the learner cannot have',
      ['run', '--set', 'training.hyperparameters.max_depth=99'],
      'error: training.hyperparameters: random_forest.max_depth is 99; it must be a whole number from 1 to 64\n',
    ],
    [
      'a recipe that is not there',
      ['validate', '--set', 'data.recipe=nowhere.yaml'],
      'error: data.recipe: nowhere.yaml cannot be read: it does not exist.\n',
    ],
    [
      'a name that would be a path',
      ['run', '--set', 'training.model=../x'],
      'error: training.model (from --set training.model) is "../x": must be letters, digits, ".", "_" and "-", a letter or digit first\n',
    ],
  ])('is refused with exit code 2: %s', async (_, args, stderr) => {
    expect(await workspace.run(...args)).toMatchObject({ code: 2, stdout: '', stderr });
  });

  it.each([
    ['a reader that goes away: no failure', '| true', 0, ''],
    [
      'a full disk',
      '> /dev/full',
      74,
      'error: ENOSPC: no space left on device, write. The disk is full; make room and',
    ],
  ])('says what became of its output: %s', (_, redirection, status, message) => {
    const command = `set -o pipefail; "$0" dist/cli/main.js models list ${redirection}`;
    const ended = spawnSync('bash', ['-c', command, process.execPath], { cwd: workspace.root, encoding: 'utf8' });
    expect([ended.status, ended.stderr.slice(0, message.length || undefined)]).toEqual([status, message]);
  });

  it(
    'is no question for help, which has examples of every command',
    async () => {
      const help: Record<string, string> = {};
      const read = async (...words: string[]): Promise<void> => {
        const { code, stdout, stderr } = await workspace.run(...words, '--help');
        expect([words, code, stderr]).toEqual([words, 0, '']);
        const [, commands] = stdout.split('\nCommands:\n');
        if (!commands) help[words.join(' ')] = stdout;
        const names = [...(commands ?? '').matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name);
        await Promise.all(names.filter((name) => name !== 'help').map((name) => read(...words, name)));
      };
      await read();
      expect(Object.keys(help)).toEqual(expect.arrayContaining(['run', 'models promote', 'tracking push']));
      expect(Object.keys(help).filter((command) => !help[command].includes('\nExamples:\n  '))).toEqual([]);
    },
    PATIENCE,
  );
});

describe('The pipeline and the API', () => {
  it('share one place that knows how features are computed', () => {
    const files = execFileSync('git', ['ls-files', 'apps', 'libs'], { encoding: 'utf8' }).trim().split('\n');
    const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
    // libs/learners imports nothing and sees columns of numbers; its losses have logarithms of their own.
    const seeing = sources.filter((file) => !file.startsWith('libs/learners/'));
    const formulas = seeing.filter((file) => /Math\.log1p|feature_1_x_|feature_4_log/.test(readFileSync(file, 'utf8')));
    expect(formulas).toEqual(['libs/features/src/steps/log1p.step.ts']);
  });
});
