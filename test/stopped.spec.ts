import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HostedWorkspace } from '#testing';

/** Ends what hangs; nothing depends on how fast a machine is. */
const PATIENCE = 600_000;
const FOLDERS = ['data', 'artifacts', 'models', 'tmp'];

/** Each command with a file that it writes. */
const COMMANDS: [command: string, output: string, ...args: string[]][] = [
  ['generate-data', 'data/rows.csv', 'data/rows.csv', '--rows', '1000'],
  ['validate', 'artifacts/validation/validation.json'],
  ['preprocess', 'data/processed/test.parquet'],
  ['train', 'artifacts/candidate/model.onnx'],
  ['evaluate', 'artifacts/evaluation/evaluation.json'],
];

describe('Ctrl-C in the middle of', () => {
  const workspace = new HostedWorkspace();
  const files = () =>
    FOLDERS.flatMap((folder) =>
      readdirSync(join(workspace.root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    ).sort();
  beforeAll(async () => {
    workspace.edit('config/config.yaml', (text) =>
      text.replace('path: data/raw/dataset.csv', 'path: data/rows.csv').replace('folds: 5', 'folds: 2'),
    );
    for (const [command, , ...args] of COMMANDS) {
      expect(await workspace.run(command, ...args)).toMatchObject({ code: 0 });
    }
  }, PATIENCE);

  it('loading: a sentence and exit code 130', async () => {
    const { code, signal, stdout, stderr } = await workspace.runStoppedAtOnce('--help');
    expect([code, signal, stdout]).toEqual([130, null, '']);
    expect(stderr).toBe('error: Stopped by SIGINT; nothing half-written is left.\n');
  });

  it.each(COMMANDS)(
    '%s: a sentence, exit code 130, no half file, and a rerun works',
    async (command, output, ...args) => {
      const [before, whole] = [files(), workspace.bytes(output)];
      // When it begins, and when it is about to make its first file.
      for (const operation of [0, 1]) {
        const { code, signal, stderr } = await workspace.runStoppedAt(operation, command, ...args);
        expect([code, signal]).toEqual([130, null]);
        expect(stderr).toMatch(
          /^(folds: .*\n)?(trees: .*\n)?error: Stopped by SIGINT; nothing half-written is left\.\n$/,
        );
        expect(files()).toEqual(before);
        expect(workspace.bytes(output).equals(whole)).toBe(true);
      }
      expect(await workspace.run(command, ...args)).toMatchObject({ code: 0 });
      expect(workspace.bytes(output).equals(whole)).toBe(true);
    },
    PATIENCE,
  );
});
