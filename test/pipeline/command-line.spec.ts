import { spawnSync } from 'node:child_process';
import { PATIENCE_SECONDS, Workspace } from '#testing';

/** Ends what hangs; nothing depends on how fast a machine is. */
const PATIENCE = 600_000;

describe('A command line that cannot be done', () => {
  const workspace = new Workspace();

  it.each([
    ['an unknown command', ['trian'], "error: unknown command 'trian'\n(Did you mean train?)\n(see --help)\n"],
    [
      'an unknown option',
      ['train', '--sed', '7'],
      "error: unknown option '--sed'\n(Did you mean --set?)\n(see --help)\n",
    ],
    ['a missing argument', ['generate-data'], "error: missing required argument 'file'\n(see --help)\n"],
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
      'error: data.recipe: nowhere.yaml does not exist. To train a model with a file of its own, name it: npx skewless run NAME; npx skewless init FILE --target COLUMN creates that file.\n',
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
    const options = { cwd: workspace.root, encoding: 'utf8', timeout: PATIENCE_SECONDS * 1_000 } as const;
    const ended = spawnSync('bash', ['-c', command, process.execPath], options);
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
