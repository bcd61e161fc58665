import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAliases, readRollout, writeAliases, writeBundle } from '#bundle';
import { moveAlias, readHistory } from '#registry';
import { temporaryFolder, tinyBundle } from '#testing';
import { RolloutInProgressError } from './rollout-events.js';
import { rolloutStatus } from './rollout-status.js';
import { Rollouts, StaleEpochError } from './rollouts.js';
import { startRollout } from './start-rollout.js';

const NO_JOBS = { jobs: () => Promise.resolve([]) };
const RACES = Number(process.env.RACES ?? 20);

describe('Rollouts', () => {
  const root = temporaryFolder();
  const newFolder = (): string => mkdtempSync(join(root, 'models-'));
  let models: string;
  let rollouts: Rollouts;
  const journal = (): string => join(models, 'tiny', 'history.jsonl');
  const begin = (mode: 'auto' | 'manual' = 'auto') =>
    startRollout({ directory: models }, 'tiny', { version: '2', steps: [10, 50], mode }, 'a test');

  beforeEach(async () => {
    models = newFolder();
    rollouts = new Rollouts(models);
    for (const version of ['1', '2', '3']) await writeBundle(models, tinyBundle({ version }));
    await writeAliases(models, 'tiny', { champion: '1' });
  });

  it('moves the champion, and tells who did it, when and why', async () => {
    await begin();
    expect(await readAliases(models, 'tiny')).toEqual({ champion: '1', challenger: '2' });
    await rollouts.step('tiny', { kind: 'promote' }, { reason: 'good enough' });
    expect(await readAliases(models, 'tiny')).toEqual({ champion: '2' });
    expect(await readHistory(models, 'tiny')).toMatchObject([
      { alias: 'champion', from: '1', to: '2', why: 'good enough' },
    ]);
    await rollouts.step('tiny', { kind: 'rollback' }, { reason: 'complaints' });
    expect(await readAliases(models, 'tiny')).toEqual({ champion: '1', challenger: '2' });
    expect(await rolloutStatus(models, 'tiny', NO_JOBS)).toMatchObject({
      model: 'tiny',
      state: 'rolled_back',
      champion: '1',
      challenger: '2',
      weight: 0,
      reason: 'complaints',
    });
  });

  it('is idle where nothing was begun', async () => {
    expect(await rolloutStatus(models, 'tiny', NO_JOBS)).toEqual({
      model: 'tiny',
      state: 'idle',
      id: null,
      champion: '1',
      challenger: null,
      weight: 0,
      since: null,
      evidence: [],
      reason: null,
    });
  });

  it('completes a step that is in the journal but not in the files', async () => {
    await begin();
    const before = readFileSync(join(models, 'tiny', 'rollout.json'));
    await rollouts.step('tiny', { kind: 'promote' }, { reason: 'r' });
    const after = await readRollout(models, 'tiny');
    for (const aliases of [{ champion: '1', challenger: '2' }, { champion: '2' }]) {
      await writeAliases(models, 'tiny', aliases);
      writeFileSync(join(models, 'tiny', 'rollout.json'), before);
      expect(await new Rollouts(models).read('tiny')).toEqual(after);
      expect(await readAliases(models, 'tiny')).toEqual({ champion: '2' });
    }
  });

  it('ignores a step that was only partly written to the journal', async () => {
    await begin();
    const text = readFileSync(journal(), 'utf8');
    await rollouts.step('tiny', { kind: 'promote' }, { reason: 'r' });
    const line = readFileSync(journal(), 'utf8').slice(text.length, -1);
    for (const length of [1, line.length >> 1, line.length - 1]) {
      models = newFolder();
      rollouts = new Rollouts(models);
      for (const version of ['1', '2']) await writeBundle(models, tinyBundle({ version }));
      await writeAliases(models, 'tiny', { champion: '1' });
      await begin();
      appendFileSync(journal(), line.slice(0, length));
      expect(await rollouts.read('tiny')).toMatchObject({ state: 'shadow', epoch: 1 });
      await rollouts.step('tiny', { kind: 'pause' }, { reason: 'r' });
      expect((await rollouts.timeline('tiny')).map(({ rollout }) => rollout.event)).toEqual(['start', 'pause']);
    }
  });

  it('leaves aliases alone that were moved after it had ended', async () => {
    await begin();
    await expect(moveAlias(models, 'tiny', { alias: 'champion', to: '3', why: '' })).rejects.toThrow(
      'A rollout of tiny version 2 is in progress (shadow), and only the rollout may move the aliases',
    );
    await rollouts.step('tiny', { kind: 'abort' }, { reason: 'r' });
    await moveAlias(models, 'tiny', { alias: 'champion', to: '3', why: 'by hand' });
    await rollouts.read('tiny');
    expect((await readAliases(models, 'tiny'))?.champion).toBe('3');
  });

  it('rejects a step that was decided at an older epoch', async () => {
    const { epoch } = await begin();
    await rollouts.step('tiny', { kind: 'advance' }, { reason: 'r', epoch });
    await expect(rollouts.step('tiny', { kind: 'advance' }, { reason: 'r', epoch })).rejects.toThrow(StaleEpochError);
    expect(await readRollout(models, 'tiny')).toMatchObject({ weight: 0.1 });
  });

  it(`lets one of two win, ${RACES} times`, async () => {
    let won = 0;
    for (let race = 0; race < RACES; race++) {
      const { epoch } = await begin();
      const [one, other] = [new Rollouts(models), new Rollouts(models)];
      const ends = await Promise.allSettled(
        [one, other].map((each) => each.step('tiny', { kind: 'promote' }, { reason: 'r', epoch })),
      );
      won += ends.filter(({ status }) => status === 'fulfilled').length;
      for (const end of ends) if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(StaleEpochError);
      await rollouts.step('tiny', { kind: 'rollback' }, { reason: 'r' });
    }
    process.stdout.write(`${JSON.stringify({ check: 'two workers race for a promotion', races: RACES, won })}\n`);
    expect(won).toBe(RACES);
    const moves = await readHistory(models, 'tiny');
    expect(moves.map(({ to }) => to)).toEqual(Array.from({ length: RACES }, () => ['2', '1']).flat());
  });

  it.each([
    ['the champion', '1', /version 1 is the champion already/],
    ['no version', '9', /has no version or alias 9/],
  ])('does not begin with %s', async (_, version, message) => {
    const starting = startRollout({ directory: models }, 'tiny', { version, steps: [5], mode: 'auto' }, 'r');
    await expect(starting).rejects.toThrow(message);
  });

  it('says what rollouts need where the folder cannot be written, or models come from elsewhere', async () => {
    const needed = 'Rollouts need a models folder that is shared for writing (one host, or a ReadWriteMany volume); ';
    const options = { version: '2', steps: [5], mode: 'auto' as const };
    const source = 's3://bucket/models/tiny';
    await expect(startRollout({ directory: models, source }, 'tiny', options, 'r')).rejects.toThrow(
      `${needed}these come from models.source (MODELS_SOURCE).`,
    );
    writeFileSync(join(models, 'tiny/.rollout'), 'in the way');
    await expect(startRollout({ directory: models }, 'tiny', options, 'r')).rejects.toThrow(
      `${needed}${join(models, 'tiny')} cannot be written (ENOTDIR).`,
    );
    expect(await readAliases(models, 'tiny')).toEqual({ champion: '1' });
  });

  it('makes no folder for a model that is not there', async () => {
    await expect(rollouts.step('none', { kind: 'pause' }, { reason: 'r' })).rejects.toThrow(
      `There is no model none under ${models}.`,
    );
    expect(readdirSync(models)).toEqual(['tiny']);
  });

  it('does not begin while another is in progress, or with steps that do not rise', async () => {
    await begin();
    await expect(begin()).rejects.toThrow(RolloutInProgressError);
    await expect(
      startRollout({ directory: models }, 'tiny', { version: '3', steps: [5, 5], mode: 'auto' }, 'r'),
    ).rejects.toThrow('The steps 5, 5 must ascend');
  });

  it('does not begin with a version that takes other columns', async () => {
    const bundle = tinyBundle({ version: '4' });
    const inputs = bundle.pipeline.inputs.map((column, i) => (i === 0 ? { ...column, name: 'mass_kg' } : column));
    const steps = bundle.pipeline.steps.map((step) =>
      JSON.parse(JSON.stringify(step).replaceAll('weight_kg', 'mass_kg')),
    );
    const outputs = bundle.pipeline.outputs.map((name) => name.replace('weight_kg', 'mass_kg'));
    const rows = bundle.golden.rows.map(({ input: { weight_kg, ...input }, ...row }) => ({
      ...row,
      input: { mass_kg: weight_kg, ...input },
    }));
    const baseline = JSON.parse(JSON.stringify(bundle.baseline).replaceAll('weight_kg', 'mass_kg'));
    await writeBundle(models, {
      ...bundle,
      baseline,
      golden: { ...bundle.golden, rows },
      pipeline: { ...bundle.pipeline, inputs, steps, outputs },
    });
    await expect(
      startRollout({ directory: models }, 'tiny', { version: '4', steps: [5], mode: 'auto' }, 'r'),
    ).rejects.toThrow('version 4 asks for mass_kg and does not take weight_kg, other than the champion');
  });
});
