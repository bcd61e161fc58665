import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { listVersions, readAnyBundle, readRollout, writeBundle } from '#bundle';
import { promote, readHistoryLines } from '#registry';
import { pruneModel, Rollouts, startRollout } from '#renewal';
import { temporaryFolder, tinyBundle } from '#testing';
import { provenChampion } from '../helper/proven-champion.js';
import { differentStates, recordedStates } from '../helper/recorded-states.js';
import { runNode } from '../helper/run-node.js';
import { smallScript } from '../helper/small-script.js';

/** `KILL_ROUNDS=3` kills a process at every moment, that often, which takes its time. */
const ROUNDS = process.env.KILL_ROUNDS;

const STEP = `
  import { Rollouts } from '#renewal';
  const [models, event] = process.argv.slice(2);
  await new Rollouts(models).step('tiny', JSON.parse(event), { reason: 'a test' });`;
/** Puts version 1 there as the next, as publishing does once it is proven. */
const PUBLISH = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { writePacked } from '#bundle';
  import { promote } from '#registry';
  const [models, version] = process.argv.slice(2);
  const folder = models + '/tiny/1/';
  const files = readdirSync(folder).map((name) => [name, readFileSync(folder + name)]);
  const { 'manifest.json': manifest, ...contents } = Object.fromEntries(files);
  await writePacked(models, { manifest: { ...JSON.parse(manifest), version }, contents });
  await promote(models, 'tiny', version, { why: 'passed the gate' });`;
const PRUNE = `
  import { pruneModel } from '#renewal';
  const [models, runs] = process.argv.slice(2);
  for await (const _ of pruneModel(models, 'tiny', { keep: 1, tracking: { directory: runs } }));`;

const root = temporaryFolder();
let begin: string;

const scriptOf = (source: string): Promise<string> => smallScript(mkdtempSync(join(root, 'script-')), source);
const folderOf = (models: string): string => join(models, 'tiny');
/** All of them can be read and are whole. */
async function versionsOf(models: string): Promise<string[]> {
  const versions = await listVersions(folderOf(models));
  for (const version of versions) await readAnyBundle(join(folderOf(models), version));
  return versions;
}
async function isPublished(models: string): Promise<void> {
  expect(await provenChampion(models, 'tiny')).toBe('3');
  expect(await journalOf(models)).toMatchObject([{ to: '1' }, { alias: 'champion', from: '1', to: '3' }]);
}
const journalOf = (models: string): Promise<unknown[]> => readHistoryLines(models, 'tiny');

interface Left {
  /** How many moments to be killed at there were. */
  readonly moments: number;
  /** The folder of the process that was not killed. */
  readonly done: string;
}

function copyOf(models: string): string {
  const copy = mkdtempSync(join(root, 'models-'));
  cpSync(models, copy, { recursive: true });
  return copy;
}

function run(preload: string, command: string[], environment: Record<string, string>) {
  const file = resolve(`libs/testing/src/preload/${preload}.cjs`);
  const { signal, status, stderr } = runNode(['--require', file, ...command], {
    env: { ...process.env, ...environment },
  });
  if (signal !== 'SIGKILL') expect([signal, status, stderr]).toEqual([null, 0, '']);
  return signal;
}

/** Does something to copies of a models folder, each time in a process that is killed just before a later write, sync or rename. */
async function killed(
  models: string,
  [script, ...args]: string[],
  look: (left: string) => Promise<void>,
): Promise<Left> {
  for (let moments = 0; ; moments++) {
    const left = copyOf(models);
    const environment = { KILL_AT: String(moments + 1), KILL_BELOW: left, KILL_WRITES: '1' };
    if (run('killed-at', [script, left, ...args], environment) === null) return { moments, done: left };
    await look(left);
    rmSync(left, { recursive: true });
  }
}

/** The same with one process, which copies what it would leave; what it leaves at several moments is looked at once. */
async function recorded(
  models: string,
  [script, ...args]: string[],
  look: (left: string) => Promise<void>,
): Promise<Left> {
  const [done, to] = [copyOf(models), mkdtempSync(join(root, 'states-'))];
  run('recorded', [script, done, ...args], { RECORD_BELOW: done, RECORD_TO: to, RECORD_WRITES: '1' });
  const states = recordedStates(to);
  for (const left of differentStates(states)) await look(left);
  rmSync(to, { recursive: true });
  return { moments: states.length, done };
}

async function everywhere(models: string, command: string[], look: (left: string) => Promise<void>): Promise<Left> {
  const before = await journalOf(models);
  return (ROUNDS === undefined ? recorded : killed)(models, command, async (left) => {
    expect((await journalOf(left)).slice(0, before.length)).toEqual(before);
    await look(left);
  });
}

describe('Killed before any write, sync or rename', () => {
  beforeAll(async () => {
    begin = join(root, 'begin');
    for (const version of ['1', '2']) await writeBundle(begin, tinyBundle({ version }));
    await promote(begin, 'tiny', '1', { key: undefined, why: 'the first' });
  });

  it('a step of a rollout leaves one champion, and is made or not begun when somebody looks next', async () => {
    const script = await scriptOf(STEP);
    const start = { kind: 'start', id: '0197', champion: '1', challenger: '2', steps: [5], mode: 'auto' };
    const steps = [
      { event: start, champions: ['1', '1'], state: 'shadow' },
      { event: { kind: 'promote' }, champions: ['1', '2'], state: 'promoted' },
      { event: { kind: 'rollback' }, champions: ['2', '1'], state: 'rolled_back' },
    ];
    let models = begin;
    let moments = 0;
    const rounds = Number(ROUNDS ?? 1);
    for (const { event, champions, state } of Array.from({ length: rounds }, () => steps).flat()) {
      const before = await readRollout(models, 'tiny');
      const lines = (await journalOf(models)).length;
      const found = new Set<string>();
      const { moments: more, done } = await everywhere(models, [script, JSON.stringify(event)], async (left) => {
        expect(champions).toContain(await provenChampion(left, 'tiny'));
        const isBegun = (await journalOf(left)).length > lines;
        const resumed = await new Rollouts(left).read('tiny');
        expect([resumed?.epoch, resumed?.state]).toEqual(
          isBegun ? [(before?.epoch ?? 0) + 1, state] : [before?.epoch, before?.state],
        );
        expect(await readRollout(left, 'tiny')).toEqual(resumed);
        expect(await provenChampion(left, 'tiny')).toBe(champions[Number(isBegun)]);
        expect(await listVersions(folderOf(left))).toEqual(['1', '2']);
        found.add(isBegun ? 'made' : 'not begun');
      });
      expect(found).toEqual(new Set(['made', 'not begun']));
      expect((await readRollout(done, 'tiny'))?.state).toBe(state);
      models = done;
      moments += more;
    }
    process.stdout.write(
      `${JSON.stringify({ check: 'killed before each write, sync and rename', rounds, moments })}\n`,
    );
    expect(moments).toBeGreaterThan(40 * rounds);
  });

  it('publishing leaves the old champion or the new one, whole, and done again it ends', async () => {
    const script = await scriptOf(PUBLISH);
    const found = new Set<string>();
    const { moments, done } = await everywhere(begin, [script, '3'], async (left) => {
      const there = await versionsOf(left);
      const isRecorded = (await journalOf(left)).length > 1;
      found.add(`${await provenChampion(left, 'tiny')} of ${there.join(', ')}`);
      if (!there.includes('3')) await writeBundle(left, tinyBundle({ version: '3' }));
      if (!isRecorded) await promote(left, 'tiny', '3', { key: undefined, why: 'again' });
      await isPublished(left);
    });
    expect(found).toEqual(new Set(['1 of 1, 2', '1 of 1, 2, 3', '3 of 1, 2, 3']));
    await isPublished(done);
    expect(moments).toBeGreaterThan(20);
    process.stdout.write(`${JSON.stringify({ check: 'killed while publishing', moments })}\n`);
  });

  it('removing old versions leaves each whole or gone, and done again it ends', async () => {
    const script = await scriptOf(PRUNE);
    const models = join(root, 'many');
    cpSync(begin, models, { recursive: true });
    for (const version of ['3', '4', '5']) await writeBundle(models, tinyBundle({ version }));
    await startRollout({ directory: models }, 'tiny', { version: '3', steps: [5], mode: 'auto' }, 'a test');
    const runs = join(root, 'runs');
    const found = new Set<string>();
    const { moments, done } = await everywhere(models, [script, runs], async (left) => {
      found.add((await versionsOf(left)).join(', '));
      expect(await provenChampion(left, 'tiny')).toBe('1');
      expect((await new Rollouts(left).read('tiny'))?.state).toBe('shadow');
      for await (const one of pruneModel(left, 'tiny', { keep: 1, tracking: { directory: runs } })) {
        expect(one).not.toMatchObject({ version: '5' });
      }
      expect(await versionsOf(left)).toEqual(['1', '3', '5']);
    });
    expect(found).toEqual(new Set(['1, 2, 3, 4, 5', '1, 3, 4, 5', '1, 3, 5']));
    expect(await versionsOf(done)).toEqual(['1', '3', '5']);
    process.stdout.write(`${JSON.stringify({ check: 'killed while removing old versions', moments })}\n`);
  });
});
