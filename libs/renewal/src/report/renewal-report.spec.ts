import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { writeAliases, writeBundle } from '#bundle';
import { temporaryFolder, tinyBundle } from '#testing';
import { FileQueue } from '../jobs/file-queue.js';
import { Rollouts } from '../rollout/rollouts.js';
import { startRollout } from '../rollout/start-rollout.js';
import { renewalReport, waitsFor } from './renewal-report.js';

describe('renewalReport', () => {
  const folder = mkdtempSync(join(temporaryFolder(), 'renewal-'));
  const models = join(folder, 'models');
  let time = Date.parse('2026-01-02T03:04:05Z');
  const queue = new FileQueue(join(folder, 'jobs'), () => (time += 1_000));
  const report = () => renewalReport(models, 'tiny', queue);
  beforeAll(async () => {
    for (const version of ['1', '2']) await writeBundle(models, tinyBundle({ version }));
    await writeAliases(models, 'tiny', { champion: '1' });
  });

  it('is null where nothing has happened', async () => {
    expect(await report()).toBeNull();
  });

  it('lists triggers, trainings and steps in one timeline, newest first, and what it waits for', async () => {
    await queue.add('tiny', { kind: 'drift', reason: 'weight_kg has moved within 1d' });
    expect(await report()).toMatchObject({
      state: 'queued',
      champion: '1',
      waits_for: 'a worker that takes the job (skewless worker)',
      timeline: [{ time: '2026-01-02T03:04:06.000Z', kind: 'trigger', text: 'drift: weight_kg has moved within 1d' }],
    });
    const taken = (await queue.take())!;
    await taken.end({ result: { outcome: 'passed', version: '2', reasons: [] } });
    await startRollout(
      { directory: models },
      'tiny',
      { version: '2', steps: [5], mode: 'auto' },
      'weight_kg has moved',
    );
    const rollouts = new Rollouts(models);
    await rollouts.step('tiny', { kind: 'advance' }, { reason: 'no guard speaks against it' });
    const evidence = [{ guard: 'failures', n: 3, e_value: 0.5, bound: 100, verdict: 'no worse' as const }];
    await rollouts.step('tiny', { kind: 'rollback' }, { reason: 'worse: failures', evidence });
    const found = (await report())!;
    expect(found).toMatchObject({
      state: 'rolled_back',
      champion: '1',
      challenger: '2',
      weight: 0,
      waits_for: null,
      reason: 'worse: failures',
      evidence,
    });
    const texts = found.timeline.map(({ kind, text }) => `${kind}: ${text.replace(/; \w+\)$/, ')')}`);
    expect(texts).toEqual([
      'step: version 2: rolled_back, version 1 answers all (worse: failures)',
      'step: version 2: canary at 5 % (no guard speaks against it)',
      'step: version 2: shadow (weight_kg has moved)',
      'training: passed as version 2',
      'training: begun',
      'trigger: drift: weight_kg has moved within 1d',
    ]);
  });

  it.each([
    ['training', 'the end of the training'],
    ['canary', 'the next look of a worker (skewless worker); the last one says: inconclusive: no traffic'],
    ['paused', 'a person: rollout resume, promote, rollback or abort'],
    ['settled', null],
  ] as const)('says what %s waits for', (state, words) => {
    expect(waitsFor({ state, reason: 'inconclusive: no traffic' })).toBe(words);
  });
});
