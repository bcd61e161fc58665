import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Workspace } from '#testing';
import { provenChampion } from './helper/proven-champion.js';

/** Ends what hangs; nothing depends on how fast a machine is. */
const PATIENCE = 600_000;

describe('register', () => {
  const workspace = new Workspace();
  const models = join(workspace.root, 'models');
  const base = join(workspace.root, 'base');
  beforeAll(async () => {
    // A champion of which it is known on which rows it was trained, and a candidate that is as good.
    rmSync(join(models, 'random_forest'), { recursive: true });
    await workspace.run('run', '--set', 'training.folds=0', '--set', 'training.hyperparameters.n_estimators=40');
    rmSync(join(models, 'random_forest/history.jsonl'));
    cpSync(models, base, { recursive: true });
    await workspace.run('run', '--set', 'training.folds=0', '--set', 'gate.maximums.log_loss=0');
  }, PATIENCE);

  /** A models folder of its own, as before anything was registered. */
  function freshModels(name: string): string {
    const directory = join(workspace.root, name);
    cpSync(base, directory, { recursive: true });
    return directory;
  }
  const into = (directory: string): string[] => ['--set', `models.directory=${directory}`];

  const history = (directory: string): unknown[] =>
    readFileSync(join(directory, 'random_forest', 'history.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it('refuses by the gate with exit code 3, and the champion stays', async () => {
    const refusal =
      /^Compared with champion 1 on 200 test rows that neither was trained on: accuracy [\d.]+ beside [\d.]+, log loss [\d.]+ beside [\d.]+\.\nThe gate refused the candidate: log_loss [\d.]+ is beyond gate\.maximums\.log_loss 0\.\nChampion: 1\.\n$/;
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = await workspace.run('register', '--set', 'gate.maximums.log_loss=0');
      expect([code, stdout]).toEqual([3, expect.stringMatching(refusal)]);
    }
    expect(await workspace.run('register', '--set', 'gate.maximums.log_loss=0', '--json')).toMatchObject({ code: 3 });
    expect(await provenChampion(models)).toBe('1');
  });

  it('keeps a refused candidate as challenger if asked, refuses it again, and takes it once the gate lets it', async () => {
    const own = freshModels('challenged');
    const refuse = ['register', '--set', 'gate.maximums.log_loss=0', '--keep-challenger', ...into(own)];
    for (let time = 0; time < 2; time++) {
      expect(await workspace.run(...refuse)).toMatchObject({ code: 3, stdout: expect.stringContaining('kept as') });
      expect(readdirSync(join(own, 'random_forest')).sort()).toEqual(['1', '2', 'aliases.json', 'history.jsonl']);
      expect(readFileSync(join(own, 'random_forest', 'history.jsonl'), 'utf8').match(/\n/g)).toHaveLength(1);
    }
    expect(await provenChampion(own)).toBe('1');
    expect(await workspace.json('register', ...into(own))).toMatchObject({ outcome: 'registered', version: '2' });
    expect(await provenChampion(own)).toBe('2');
  });

  it('keeps a refused candidate where there is no champion yet, but makes it none', async () => {
    const own = join(workspace.root, 'first');
    const refuse = ['--set', 'gate.maximums.log_loss=0', '--keep-challenger', ...into(own)];
    await workspace.run('evaluate', ...into(own));
    expect(await workspace.run('register', ...refuse)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining(
        'It is kept as random_forest/1, without an alias, as there is no champion.\nChampion: none.\n',
      ),
    });
    expect(readdirSync(join(own, 'random_forest'))).toEqual(['1']);
    expect(await workspace.json('register', ...into(own))).toMatchObject({ outcome: 'registered', champion: '1' });
    await workspace.run('evaluate');
  });

  it('makes a candidate that is not proven the challenger, says what it lacks, and exits with 0; again, nothing moves', async () => {
    const own = freshModels('unproven');
    const settings = [...into(own), '--set', 'gate.logLossMargin=0', '--set', 'gate.accuracyMargin=0'];
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = await workspace.run('register', ...settings);
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(
          /The candidate is random_forest\/2, alias challenger: it is not proven to be good enough to serve by itself\.\nIt lacks: .*gate\.(logLoss|accuracy)Margin 0: the 95 % interval of the difference is \S+ to \S+\.\nTo let it serve all the same: npm run pipeline -- models promote random_forest 2\nChampion: 1\.\n$/,
        ),
      ]);
      expect(history(own)).toMatchObject([
        { alias: 'challenger', to: '2', why: expect.stringMatching(/^not proven: /) },
      ]);
    }
    expect(await provenChampion(own)).toBe('1');
    expect(await workspace.json('register', ...into(own))).toMatchObject({ outcome: 'registered', version: '2' });
  });

  it('does not believe a comparison on rows that the champion may have been trained on', async () => {
    const own = dirname(freshModels('imported/models'));
    const settings = ownCandidate(own);
    cpSync('models', join(own, 'models'), { recursive: true });
    const { stdout } = await workspace.run('evaluate', ...settings);
    expect(stdout).toContain(
      'Compared with champion 1 on 200 test rows; it cannot be known which of them it was trained on, as version 1 does not record how its rows were split:',
    );
    const { outcome, reasons } = await workspace.json('register', ...settings, '--set', 'gate.logLossMargin=1');
    expect([outcome, reasons]).toEqual([
      'challenger',
      ['it cannot be known which rows champion 1 was trained on, so that the comparison proves nothing'],
    ]);
  });

  it(
    'leaves out the rows that the champion has seen, wherever they are in a table and whatever split it has now',
    async () => {
      const own = dirname(freshModels('seen/models'));
      const settings = ownCandidate(own);
      const [header, ...rows] = workspace.bytes('data/raw/dataset.csv').toString().trim().split('\n');
      writeFileSync(join(own, 'shuffled.csv'), [header, ...rows.reverse(), ''].join('\n'));
      const seenWith = async (...more: string[]) => {
        for (const command of ['preprocess', 'train', 'evaluate']) {
          const set = ['--set', `data.path=${own}/shuffled.csv`, '--set', 'training.folds=0', ...more];
          expect(await workspace.run(command, ...settings, ...set)).toMatchObject({ code: 0 });
        }
        const { comparison, tested } = JSON.parse(
          readFileSync(join(own, 'artifacts/evaluation/evaluation.json'), 'utf8'),
        );
        return [comparison.rows, tested];
      };
      expect(await seenWith()).toEqual([200, { seen: 0, unknown: null }]);
      const [compared, tested] = await seenWith('--set', 'training.seed=7');
      expect([compared + tested.seen, tested.unknown]).toEqual([200, null]);
      // Of 200 rows, about as many as the champion kept for its own test: a fifth.
      expect(compared).toBeGreaterThan(20);
      expect(compared).toBeLessThan(65);
    },
    PATIENCE,
  );

  it('says what a run leaves as it is: a champion that a stricter gate would refuse, and one that was rolled back', async () => {
    const own = freshModels('left');
    await workspace.run('register', ...into(own));
    const strict = await workspace.run('register', ...into(own), '--set', 'gate.maximums.log_loss=0');
    expect([strict.code, strict.stdout]).toEqual([
      3,
      expect.stringMatching(
        /The candidate is random_forest\/2, which is the champion already: nothing was changed\.\nThe gate would refuse it now: log_loss [\d.]+ is beyond gate\.maximums\.log_loss 0\. It stays the champion until another one is: models rollback random_forest\nChampion: 2\.\n$/,
      ),
    ]);
    await workspace.run('models', 'promote', 'random_forest', '1', '--why', 'complaints', ...into(own));
    const back = await workspace.run('register', ...into(own));
    expect([back.code, back.stdout]).toEqual([
      0,
      expect.stringMatching(
        /The candidate is random_forest\/2, which was the champion before: \S+( \S+)? made 1 the champion on \S+Z \(complaints\)\. A run does not bring it back; this does: npm run pipeline -- models promote random_forest 2\nChampion: 1\.\n$/,
      ),
    ]);
  });

  it('writes a version that servers want signed, and leaves the champion until it is', async () => {
    const own = freshModels('signed');
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const [publicFile, privateFile] = [join(own, 'public.pem'), join(own, 'private.pem')];
    writeFileSync(publicFile, publicKey.export({ format: 'pem', type: 'spki' }));
    writeFileSync(privateFile, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const settings = [...into(own), '--set', `models.publicKey=${publicFile}`];
    for (let time = 0; time < 2; time++) {
      expect(await workspace.run('register', ...settings)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(`The candidate passed the gate and is random_forest/2.
It becomes the champion once it is signed, as models.publicKey asks:
  npm run pipeline -- models sign random_forest 2 --key <private key>
  npm run pipeline -- models promote random_forest 2
Champion: 1.
$`) as string,
      });
      expect(await provenChampion(own)).toBe('1');
      expect(existsSync(join(own, 'random_forest', 'history.jsonl'))).toBe(false);
    }
    const sign = ['models', 'sign', 'random_forest', '2', '--key', privateFile];
    expect(await workspace.run(...sign, ...settings)).toMatchObject({ code: 0 });
    expect(await workspace.json('register', ...settings)).toMatchObject({ outcome: 'registered', champion: '2' });
    expect(await provenChampion(own)).toBe('2');
  });

  it('writes no version where the key that servers ask for cannot be read', async () => {
    const own = freshModels('keyless');
    const { code, stderr } = await workspace.run('register', ...into(own), '--set', 'models.publicKey=/nowhere.pem');
    const reason = '/nowhere.pem cannot be read: it does not exist.';
    expect([code, stderr]).toEqual([2, `error: models.publicKey (MODELS_PUBLIC_KEY): ${reason}\n`]);
    expect(readdirSync(join(own, 'random_forest')).sort()).toEqual(['1', 'aliases.json']);
  });

  it(
    'killed between any two changes of files leaves the old version or the new one; run again, it finishes',
    async () => {
      const champions: string[] = [];
      const isDone = async (n: number): Promise<boolean> => {
        const own = freshModels(`killed-${n}`);
        const { signal } = await workspace.runKilledAt(n, own, 'register', ...into(own));
        champions[n] = await provenChampion(own);
        if (signal === null) return true;
        expect(signal).toBe('SIGKILL');
        expect(await workspace.run('register', ...into(own))).toMatchObject({ code: 0 });
        expect(await provenChampion(own)).toBe('2');
        const [move, ...others] = history(own);
        expect([move, others]).toMatchObject([{ alias: 'champion', to: '2', why: 'passed the gate' }, []]);
        return false;
      };
      for (let n = 1; ; n += 2) if ((await Promise.all([isDone(n), isDone(n + 1)]))[1]) break;
      // Reached: before and after the folder was renamed, before and after the alias was moved, and the end.
      expect(champions.length).toBeGreaterThan(10);
      expect(new Set(champions.slice(1))).toEqual(new Set(['1', '2']));
    },
    PATIENCE,
  );

  it('promotes a version that was written but never became the champion', async () => {
    const own = freshModels('half');
    await workspace.run('register', ...into(own));
    // As it is between the version's rename and the move of the alias.
    rmSync(join(own, 'random_forest', 'history.jsonl'));
    cpSync(join(base, 'random_forest/aliases.json'), join(own, 'random_forest', 'aliases.json'));
    expect(await provenChampion(own)).toBe('1');
    expect(await workspace.json('register', ...into(own))).toMatchObject({
      outcome: 'registered',
      model: 'random_forest',
      version: '2',
      champion: '2',
      reasons: [],
    });
    expect(await provenChampion(own)).toBe('2');
    expect(existsSync(join(own, 'random_forest', '3'))).toBe(false);
  });

  /** Version 1 again, as version 2. */
  function addSecond(folder: string): void {
    cpSync(join(folder, '1'), join(folder, '2'), { recursive: true });
    const manifest = readFileSync(join(folder, '1/manifest.json'), 'utf8').replace('"version": "1"', '"version": "2"');
    writeFileSync(join(folder, '2/manifest.json'), manifest);
  }

  /** Artifacts and prepared data of their own, beside a models folder of its own. */
  function ownCandidate(own: string): string[] {
    for (const part of ['artifacts', 'data/processed'])
      cpSync(join(workspace.root, part), join(own, part), { recursive: true });
    return [
      ...into(join(own, 'models')),
      '--set',
      `training.artifacts=${own}/artifacts`,
      '--set',
      `data.processed=${own}/data/processed`,
    ];
  }

  it('does not go by an evaluation beside a champion that is none any more', async () => {
    const own = dirname(freshModels('moved/models'));
    const settings = ownCandidate(own);
    const folder = join(own, 'models/random_forest');
    addSecond(folder);
    expect(await workspace.run('models', 'promote', 'random_forest', '2', ...settings)).toMatchObject({ code: 0 });
    expect(await workspace.run('register', ...settings)).toMatchObject({
      code: 2,
      stderr: 'error: The evaluation compares with champion 1, but the champion is 2 now: run "evaluate" again.\n',
    });
    await workspace.run('evaluate', ...settings);
    expect(await workspace.json('register', ...settings)).toMatchObject({ outcome: 'registered', version: '3' });
  });

  it('does not go by an evaluation of another candidate', async () => {
    const own = dirname(freshModels('another/models'));
    const settings = ownCandidate(own);
    expect(
      await workspace.run('train', ...settings, '--set', 'training.folds=0', '--set', 'training.seed=7'),
    ).toMatchObject({ code: 0 });
    expect(await workspace.run('register', ...settings)).toMatchObject({
      code: 2,
      stderr: 'error: The evaluation is of another candidate: run "evaluate" again.\n',
    });
  });

  it('does not score a candidate on other data than those it was trained beside', async () => {
    const own = dirname(freshModels('prepared-again/models'));
    const settings = ownCandidate(own);
    expect(await workspace.run('preprocess', ...settings, '--set', 'training.seed=7')).toMatchObject({ code: 0 });
    expect(await workspace.run('evaluate', ...settings)).toMatchObject({
      code: 2,
      stderr: 'error: The candidate was trained before the data were prepared again: run "train" again.\n',
    });
  });

  it('lets no version become the champion that servers would refuse, and lists the others all the same', async () => {
    const own = freshModels('broken');
    const folder = join(own, 'random_forest');
    addSecond(folder);
    cpSync(join(folder, '1'), join(folder, '3'), { recursive: true });
    writeFileSync(join(folder, '2/model.onnx'), 'cut short');
    for (const [version, reason] of [
      ['1/', 'has no version or alias 1/'],
      ['2', '2/model.onnx: has SHA-256'],
      ['3', 'says it is random_forest/1'],
    ]) {
      expect(await workspace.run('models', 'promote', 'random_forest', version, ...into(own))).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(reason),
      });
    }
    expect(await provenChampion(own)).toBe('1');
    expect(await workspace.json('models', 'list', ...into(own))).toMatchObject([
      { version: '1', alias: 'champion' },
      { version: '2' },
      { version: '3', fault: expect.stringContaining('says it is random_forest/1') },
    ]);
  });

  it('names the line of the history that is none', async () => {
    const own = freshModels('scribbled');
    writeFileSync(join(own, 'random_forest/history.jsonl'), '\nscribble\n');
    const { code, stderr } = await workspace.run('models', 'rollback', 'random_forest', ...into(own));
    expect([code, stderr]).toEqual([
      2,
      `error: ${join(own, 'random_forest/history.jsonl')}: line 2 is no JSON: mend or remove it.\n`,
    ]);
  });

  it('takes the same model behind another pipeline for another version', async () => {
    const own = dirname(freshModels('described/models'));
    const settings = ownCandidate(own);
    expect(await workspace.json('register', ...settings)).toMatchObject({ outcome: 'registered', version: '2' });
    const pipeline = join(own, 'data/processed/pipeline.json');
    writeFileSync(pipeline, readFileSync(pipeline, 'utf8').replace('Numerical feature 1', 'Temperature'));
    await workspace.run('evaluate', ...settings);
    expect(await workspace.json('register', ...settings)).toMatchObject({ outcome: 'registered', version: '3' });
    expect(await workspace.json('register', ...settings)).toMatchObject({
      outcome: 'already registered',
      version: '3',
    });
  });

  it('can be rolled back and promoted again, with who, when and why; a rerun promotes nothing', async () => {
    expect(await workspace.json('register')).toMatchObject({ outcome: 'registered', champion: '2' });
    const back = await workspace.json('models', 'rollback', 'random_forest', '--why', 'complaints');
    expect(back).toMatchObject({
      alias: 'champion',
      from: '2',
      to: '1',
      why: 'complaints',
      who: expect.any(String) as string,
    });
    expect(await provenChampion(models)).toBe('1');
    const again = await workspace.json('register');
    expect(again).toMatchObject({ outcome: 'already registered', version: '2', champion: '1' });
    expect(await provenChampion(models)).toBe('1');
    expect(await workspace.run('models', 'rollback', 'random_forest')).toMatchObject({
      code: 2,
      stderr: 'error: random_forest has no earlier champion to go back to.\n',
    });
    expect((await workspace.json('models', 'promote', 'random_forest', '2')).to).toBe('2');
    const moves = history(models);
    const same = { alias: 'champion', from: '2', to: '2', moved: false };
    for (const named of ['2', 'champion'])
      expect(await workspace.json('models', 'promote', 'random_forest', named)).toEqual(same);
    expect(history(models)).toEqual(moves);
    expect((await workspace.json('models', 'show', 'random_forest', 'champion')).version).toBe('2');
    const listed = (await workspace.json('models', 'list')) as { version: string; alias: string }[];
    expect(listed.map(({ version, alias }) => [version, alias])).toEqual([
      ['1', ''],
      ['2', 'champion'],
    ]);
    expect(await workspace.run('models', 'promote', 'random_forest', '9')).toMatchObject({ code: 2 });
    expect(await workspace.run('models', 'list', '--set', 'models.directory=nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/nowhere: does not exist/) as string,
    });
  });
});
