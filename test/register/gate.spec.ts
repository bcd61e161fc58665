import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { provenChampion } from '../helper/proven-champion.js';
import { history, into, PATIENCE, RegistrationWorkspace } from '../helper/registration-workspace.js';

describe('register', () => {
  const workspace = new RegistrationWorkspace();
  beforeAll(() => workspace.prepare(), PATIENCE);

  it('refuses by the gate with exit code 3, and the champion stays', async () => {
    const refusal =
      /^Compared with champion 1 on 200 test rows that neither was trained on: accuracy [\d.]+ beside [\d.]+, log loss [\d.]+ beside [\d.]+\.\nThe gate refused the candidate: log_loss [\d.]+ is above gate\.maximums\.log_loss 0\.\nChampion: 1\.\n$/;
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = await workspace.run('register', '--set', 'gate.maximums.log_loss=0');
      expect([code, stdout]).toEqual([3, expect.stringMatching(refusal)]);
    }
    expect(await workspace.run('register', '--set', 'gate.maximums.log_loss=0', '--json')).toMatchObject({ code: 3 });
    expect(await provenChampion(workspace.models)).toBe('1');
  });

  it('keeps a refused candidate as challenger if asked, refuses it again, and takes it once the gate lets it', async () => {
    const own = workspace.freshModels('challenged');
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
    const own = workspace.freshModels('unproven');
    const settings = [...into(own), '--set', 'gate.logLossMargin=0', '--set', 'gate.accuracyMargin=0'];
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = await workspace.run('register', ...settings);
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(
          /The candidate is random_forest\/2, alias challenger: it is not proven good enough to become the champion\.\nNot proven: .*gate\.(logLoss|accuracy)Margin 0: the 95 % interval of the difference is \S+ to \S+\.\nTo let it serve anyway: npx skewless models promote random_forest 2\nChampion: 1\.\n$/,
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
    const own = dirname(workspace.freshModels('imported/models'));
    const settings = workspace.ownCandidate(own);
    cpSync('models', join(own, 'models'), { recursive: true });
    const { stdout } = await workspace.run('evaluate', ...settings);
    expect(stdout).toContain(
      'Compared with champion 1 on 200 test rows; it cannot be known which of them it was trained on, as version 1 does not record how its rows were split:',
    );
    const { outcome, reasons } = await workspace.json('register', ...settings, '--set', 'gate.logLossMargin=1');
    expect([outcome, reasons]).toEqual([
      'challenger',
      ['it cannot be known which rows champion 1 was trained on, so the comparison proves nothing'],
    ]);
  });

  it(
    'leaves out the rows that the champion has seen, wherever they are in a table and whatever split it has now',
    async () => {
      const own = dirname(workspace.freshModels('seen/models'));
      const settings = workspace.ownCandidate(own);
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
    const own = workspace.freshModels('left');
    await workspace.run('register', ...into(own));
    const strict = await workspace.run('register', ...into(own), '--set', 'gate.maximums.log_loss=0');
    expect([strict.code, strict.stdout]).toEqual([
      3,
      expect.stringMatching(
        /The candidate is random_forest\/2, which is the champion already: nothing was changed\.\nThe gate would refuse it now: log_loss [\d.]+ is above gate\.maximums\.log_loss 0\. It stays the champion until another one is: models rollback random_forest\nChampion: 2\.\n$/,
      ),
    ]);
    await workspace.run('models', 'promote', 'random_forest', '1', '--why', 'complaints', ...into(own));
    const back = await workspace.run('register', ...into(own));
    expect([back.code, back.stdout]).toEqual([
      0,
      expect.stringMatching(
        /The candidate is random_forest\/2, which was the champion before: \S+( \S+)? made 1 the champion on \S+Z \(complaints\)\. A run does not bring it back; this does: npx skewless models promote random_forest 2\nChampion: 1\.\n$/,
      ),
    ]);
  });
});
