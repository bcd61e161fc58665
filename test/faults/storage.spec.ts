import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
});

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
    const killedAt = (n: number, models: string) => workspace.runKilledAt(n, models, ...registerInto(models));
    // Points are counted by changes of files, not timed: the first and the last of them are always among those tried.
    let points = 0;
    for (let isKilled = true; isKilled; points++) {
      const { signal } = await killedAt(points + 1, freshModels(undefined, trained));
      isKilled = signal === 'SIGKILL';
    }
    points--;
    const random = () => 1 + Math.floor(points * Math.random());
    const champions = { 1: 0, 2: 0 };
    for (let kill = 0; kill < KILLS; kill++) {
      const models = freshModels(undefined, trained);
      const { signal } = await killedAt([1, points][kill] ?? random(), models);
      expect(signal).toBe('SIGKILL');
      champions[(await provenChampion(models)) as '1' | '2']++;
      if (kill % 10 > 0) continue;
      expect(await workspace.run(...registerInto(models))).toMatchObject({ code: 0 });
      expect(await provenChampion(models)).toBe('2');
      const entries = readdirSync(join(models, 'random_forest')).filter((entry) => !UNFINISHED.test(entry));
      expect(entries.sort()).toEqual(['1', '2', 'aliases.json', 'history.jsonl']);
    }
    expect(Math.min(champions[1], champions[2])).toBeGreaterThan(0);
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
