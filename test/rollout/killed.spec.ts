import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { listVersions, readAnyBundle, readRollout, writeBundle } from '#bundle';
import { promote, readHistoryLines } from '#registry';
import { pruneModel, Rollouts, startRollout } from '#renewal';
import { temporaryFolder, tinyBundle } from '#testing';
import { provenChampion } from '../helper/proven-champion.js';
import { smallScript } from '../helper/small-script.js';

/** `KILL_ROUNDS=3` tries every moment that often, which takes its time; without it, every third is tried once. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 1);
const STRIDE = process.env.KILL_ROUNDS === undefined ? 3 : 1;

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

/**
 * Does something to copies of a models folder, each time in a process that is killed just before a later write, sync or rename; the last
 * time it comes to its end.
 *
 * @param first where it is killed first: 1 is before anything was changed
 * @param look at what a killed one has left
 * @returns how often it was killed, and the folder where it was not
 */
async function killedEverywhere(
  models: string,
  [script, ...args]: string[],
  look: (left: string) => Promise<void>,
  first = 1,
): Promise<{ readonly kills: number; readonly done: string }> {
  const before = await journalOf(models);
  for (let kills = 0; ; kills++) {
    const left = mkdtempSync(join(root, 'models-'));
    cpSync(models, left, { recursive: true });
    const { signal, status, stderr } = spawnSync(
      process.execPath,
      ['--require', resolve('libs/testing/src/preload/killed-at.cjs'), script, left, ...args],
      {
        env: { ...process.env, KILL_AT: String(first + kills * STRIDE), KILL_BELOW: left, KILL_WRITES: '1' },
        encoding: 'utf8',
      },
    );
    expect((await journalOf(left)).slice(0, before.length)).toEqual(before);
    if (signal === null) {
      expect([status, stderr]).toEqual([0, '']);
      return { kills, done: left };
    }
    expect(signal).toBe('SIGKILL');
    await look(left);
    rmSync(left, { recursive: true });
  }
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
    for (const [n, { event, champions, state }] of Array.from({ length: ROUNDS }, () => steps)
      .flat()
      .entries()) {
      const before = await readRollout(models, 'tiny');
      const lines = (await journalOf(models)).length;
      const found = new Set<string>();
      const killed = await killedEverywhere(
        models,
        [script, JSON.stringify(event)],
        async (left) => {
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
        },
        1 + (n % STRIDE),
      );
      expect(found).toEqual(new Set(['made', 'not begun']));
      expect((await readRollout(killed.done, 'tiny'))?.state).toBe(state);
      models = killed.done;
      moments += killed.kills;
    }
    process.stdout.write(
      `${JSON.stringify({ check: 'killed before each write, sync and rename', rounds: ROUNDS, moments })}\n`,
    );
    expect(moments).toBeGreaterThan((40 * ROUNDS) / STRIDE);
  });

  it('publishing leaves the old champion or the new one, whole, and done again it ends', async () => {
    const script = await scriptOf(PUBLISH);
    const found = new Set<string>();
    const { kills, done } = await killedEverywhere(begin, [script, '3'], async (left) => {
      const there = await versionsOf(left);
      const isRecorded = (await journalOf(left)).length > 1;
      found.add(`${await provenChampion(left, 'tiny')} of ${there.join(', ')}`);
      if (!there.includes('3')) await writeBundle(left, tinyBundle({ version: '3' }));
      if (!isRecorded) await promote(left, 'tiny', '3', { key: undefined, why: 'again' });
      await isPublished(left);
    });
    expect(found).toEqual(new Set(['1 of 1, 2', '1 of 1, 2, 3', '3 of 1, 2, 3']));
    await isPublished(done);
    expect(kills).toBeGreaterThan(20 / STRIDE);
    process.stdout.write(`${JSON.stringify({ check: 'killed while publishing', moments: kills })}\n`);
  });

  it('removing old versions leaves each whole or gone, and done again it ends', async () => {
    const script = await scriptOf(PRUNE);
    const models = join(root, 'many');
    cpSync(begin, models, { recursive: true });
    for (const version of ['3', '4', '5']) await writeBundle(models, tinyBundle({ version }));
    await startRollout({ directory: models }, 'tiny', { version: '3', steps: [5], mode: 'auto' }, 'a test');
    const runs = join(root, 'runs');
    const found = new Set<string>();
    const { kills, done } = await killedEverywhere(models, [script, runs], async (left) => {
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
    process.stdout.write(`${JSON.stringify({ check: 'killed while removing old versions', moments: kills })}\n`);
  });
});
