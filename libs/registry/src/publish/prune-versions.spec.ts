import { mkdtempSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readAnyBundle, type Rollout, writeAliases, writeBundle, writeRollout } from '#bundle';
import { temporaryFolder, tinyBundle } from '#testing';
import { type PrunedVersion, pruneVersions } from './prune-versions.js';

const root = temporaryFolder();

const ROLLOUT: Rollout = {
  format_version: 1,
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  epoch: 1,
  state: 'canary',
  champion: '2',
  challenger: '4',
  aliases: { champion: '2', challenger: '4' },
  weight: 0.1,
  steps: [10],
  mode: 'manual',
  since: '2026-11-30T00:00:00.000Z',
  reason: 'a test',
};

/** A model's folder with versions that are never opened. */
function versionsOf(count: number): string {
  const models = mkdtempSync(join(root, 'models-'));
  for (let version = 1; version <= count; version++) {
    mkdirSync(join(models, 'tiny', String(version)), { recursive: true });
    writeFileSync(join(models, 'tiny', String(version), 'model.onnx'), 'a model');
  }
  return models;
}

async function prune(models: string, keep: number): Promise<PrunedVersion[]> {
  const found: PrunedVersion[] = [];
  for await (const one of pruneVersions(models, 'tiny', keep)) found.push(one);
  return found;
}

const foldersIn = (models: string): string[] =>
  readdirSync(join(models, 'tiny'))
    .filter((name) => !name.endsWith('.json'))
    .sort((a, b) => Number(a) - Number(b));

describe('pruneVersions', () => {
  it('removes the oldest by number, not by name, and leaves the others as they are', async () => {
    const models = versionsOf(9);
    for (const version of ['10', '11']) await writeBundle(models, tinyBundle({ version }));
    await writeAliases(models, 'tiny', { champion: '11' });
    const before = readFileSync(join(models, 'tiny/10/manifest.json'));
    expect(await prune(models, 2)).toEqual(
      ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((version) => ({ version, stays: null })),
    );
    expect(foldersIn(models)).toEqual(['10', '11']);
    expect(readFileSync(join(models, 'tiny/10/manifest.json'))).toEqual(before);
    expect((await readAnyBundle(join(models, 'tiny/10'))).manifest.version).toBe('10');
    expect(await prune(models, 2)).toEqual([]);
  });

  it('leaves what an alias names', async () => {
    const models = versionsOf(5);
    await writeAliases(models, 'tiny', { champion: '1', challenger: '3' });
    expect(await prune(models, 1)).toEqual([
      { version: '1', stays: 'it is the champion' },
      { version: '2', stays: null },
      { version: '3', stays: 'it is the challenger' },
      { version: '4', stays: null },
    ]);
    expect(foldersIn(models)).toEqual(['1', '3', '5']);
  });

  it.each(['shadow', 'canary', 'promoted', 'watch', 'paused'] as const)(
    'leaves both versions of a rollout that is in %s, whatever the aliases say',
    async (state) => {
      const models = versionsOf(6);
      await writeAliases(models, 'tiny', { champion: '6' });
      await writeRollout(models, 'tiny', { ...ROLLOUT, state, ...(state === 'paused' && { paused: 'canary' }) });
      const stays = `a rollout is in progress (${state})`;
      expect((await prune(models, 1)).filter((one) => one.stays)).toEqual([
        { version: '2', stays },
        { version: '4', stays },
      ]);
      expect(foldersIn(models)).toEqual(['2', '4', '6']);
    },
  );

  it.each(['settled', 'rolled_back'] as const)('removes what a rollout that is %s has left', async (state) => {
    const models = versionsOf(6);
    await writeAliases(models, 'tiny', { champion: '6' });
    await writeRollout(models, 'tiny', { ...ROLLOUT, state });
    await prune(models, 1);
    expect(foldersIn(models)).toEqual(['6']);
  });

  it('heeds an alias that moves while it is at it', async () => {
    const models = versionsOf(4);
    await writeAliases(models, 'tiny', { champion: '4' });
    const pruning = pruneVersions(models, 'tiny', 1);
    expect((await pruning.next()).value).toEqual({ version: '1', stays: null });
    await writeAliases(models, 'tiny', { champion: '2' });
    expect((await pruning.next()).value).toEqual({ version: '2', stays: 'it is the champion' });
  });

  it('removes what a removal that was killed has left', async () => {
    const models = versionsOf(3);
    mkdirSync(join(models, 'tiny/.1-abc123'));
    utimesSync(join(models, 'tiny/.1-abc123'), 0, 0);
    await prune(models, 2);
    expect(foldersIn(models)).toEqual(['2', '3']);
  });

  it('keeps the newest and the aliased of any versions, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 14 }),
        fc.nat(),
        async (count, keep, nth) => {
          const models = versionsOf(count);
          const champion = String((nth % count) + 1);
          await writeAliases(models, 'tiny', { champion });
          await prune(models, keep);
          const all = Array.from({ length: count }, (_, i) => String(i + 1));
          expect(foldersIn(models)).toEqual(
            all.filter((version) => version === champion || Number(version) > count - keep),
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});
