import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { provenChampion } from '../helper/proven-champion.js';
import { temporaryFolder, Workspace } from '#testing';
import { faultsOf, IS_BOUNDED } from './helper/fault.js';
import { diskFaultsOf } from './helper/tiny-disk.js';

const KILLS = IS_BOUNDED ? 20 : 100;
/** What a writer that was killed may leave: it stays for an hour, and readers never look at it. */
const UNFINISHED = /^\.\d+-\w{6}$|^(aliases\.json|history\.jsonl)\.\d+$/;
const fault = faultsOf('Storage and writers that fail');

const workspace = new Workspace();
const folder = temporaryFolder();
/** A champion of which it is known on which rows it was trained: another candidate can be proven beside it. */
const trained = join(folder, 'trained');
beforeAll(async () => {
  const into = ['--set', 'training.folds=0', '--set', `models.directory=${trained}`];
  mkdirSync(trained);
  await workspace.run('run', ...into, '--set', 'training.hyperparameters.n_estimators=40');
  rmSync(join(trained, 'random_forest/history.jsonl'));
  for (const command of ['train', 'evaluate']) await workspace.run(command, ...into);
}, 600_000);

let folders = 0;
/** A models folder as before anything was registered. */
function freshModels(directory = join(folder, String(++folders)), from = 'models'): string {
  cpSync(from, directory, { recursive: true });
  return directory;
}
const registerInto = (models: string): string[] => ['register', '--set', `models.directory=${models}`];

fault(
  `kill -9 at ${KILLS} random points of \`register\``,
  {
    load: 'a candidate that passes the gate',
    expected: 'the champion is the old or the new version, proven; a rerun finishes',
    minutes: 15,
  },
  async () => {
    const began = performance.now();
    await workspace.run(...registerInto(freshModels(undefined, trained)));
    const whole = performance.now() - began;
    const champions = { 1: 0, 2: 0 };
    for (let kill = 0; kill < KILLS; kill++) {
      const models = freshModels(undefined, trained);
      const { child, ended } = workspace.start(...registerInto(models));
      // The first half is Node reading its modules, where nothing is written yet.
      await sleep(whole * (0.4 + 0.6 * Math.random()));
      child.kill('SIGKILL');
      await ended;
      champions[(await provenChampion(models)) as '1' | '2']++;
      if (kill % 10 > 0) continue;
      expect(await workspace.run(...registerInto(models))).toMatchObject({ code: 0 });
      expect(await provenChampion(models)).toBe('2');
      const entries = readdirSync(join(models, 'random_forest')).filter((entry) => !UNFINISHED.test(entry));
      expect(entries.sort()).toEqual(['1', '2', 'aliases.json', 'history.jsonl']);
    }
    return `${champions[1]} x the old, ${champions[2]} x the new version, never neither; every tenth run again: finished`;
  },
);

diskFaultsOf(fault, 450)(
  'a full disk while `register` writes',
  {
    load: 'room for half a bundle',
    expected: 'a sentence, exit code 74; the old champion stays, nothing half is left',
  },
  async (disk) => {
    const models = freshModels(join(disk.path, 'models'));
    const { code, stderr } = await workspace.run(...registerInto(models));
    expect(stderr).toMatch(/^error: .*no space left on device.*\n$/i);
    expect(code).toBe(74);
    expect(await provenChampion(models)).toBe('1');
    expect(readdirSync(join(models, 'random_forest')).sort()).toEqual(['1', 'aliases.json']);
    return `exit ${code}: ${stderr.trim()}`.replaceAll(disk.path, '...');
  },
);

fault(
  'a models folder that cannot be written',
  { load: 'read-only, or a file where a folder is due', expected: 'a sentence, exit code 74; the old champion stays' },
  async () => {
    const models = freshModels();
    chmodSync(join(models, 'random_forest'), 0o555);
    // Root may write everywhere, unless its capabilities are dropped.
    const [command, ...options] = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', 'node'] : ['node'];
    const result = spawnSync(command, [...options, 'dist/cli/main.js', ...registerInto(models)], {
      cwd: workspace.root,
      encoding: 'utf8',
    });
    expect(result.stderr).toMatch(/^error: .*permission denied.*$/im);
    expect(result.status).toBe(74);
    chmodSync(join(models, 'random_forest'), 0o755);
    expect(await provenChampion(models)).toBe('1');
    expect(existsSync(join(models, 'random_forest', '2'))).toBe(false);
    return `exit ${result.status}: ${/^error: .*$/m.exec(result.stderr)![0]}`.replaceAll(folder, '...');
  },
);
