import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostedWorkspace, type Workspace } from '#testing';
import { provenChampion } from '../helper/proven-champion.js';

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
  const workspace = new HostedWorkspace();

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
      expect(ended.stderr).toMatch(/^error: data\/raw\/dataset\.csv failed validation:\nerror: rowCount: 1,000 rows/);
      const [error, end] = newestRecords(workspace).slice(-2);
      expect(error).toEqual({ type: 'tag', key: 'error', value: expect.stringMatching(/failed validation/) });
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
      expect(stderr).toMatch(/^error: Another "run" is in progress in \S+; try again when it has ended\.\n$/);
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
  const workspace = new HostedWorkspace();
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
  const workspace = new HostedWorkspace();
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
