import type { RenewedModel } from './renewed-model.js';

const QUICK = {
  mode: 'auto',
  cooldownHours: 0,
  steps: [50],
  shadowHours: 0,
  stepHours: 0,
  minimumRequests: 40,
  lossMargin: 0.3,
  latencyRatio: 50,
  scoreShift: 0.5,
  watchHours: 0.002,
};

/** A model that is renewed by itself: once for the better, and once for the worse, which is undone. @param model has been started */
export function itIsRenewed(model: RenewedModel, hosts: number): void {
  it('is trained again by itself as its rows drift, and the new version becomes the champion by evidence', async () => {
    model.renew(QUICK);
    await model.askUntil(() => model.answered.size >= 200);
    expect(new Set(model.answered.values())).toEqual(new Set(['customers:1']));
    expect(await model.status()).toMatchObject({ state: 'idle', champion: '1' });
    expect(await model.nextHour()).toMatch(/ {2}c: .* rose from .* to 100\.0 %/);
    const states = await model.askUntil(({ state }) => state === 'settled' || state === 'rolled_back');
    expect(states.at(-1)).toBe('settled');
    const [job] = model.jobs();
    expect(job).toMatchObject({
      state: 'done',
      attempt: 1,
      trigger: { kind: 'drift', reason: 'c has moved within 1h' },
      result: { outcome: 'passed', version: '2' },
    });
    expect(job.log.rows).toBeGreaterThanOrEqual(200);
    expect(model.steps().map(({ state }) => state)).toEqual(['shadow', 'canary', 'promoted', 'watch', 'settled']);
    expect(new Set(model.answered.values())).toEqual(new Set(['customers:1', 'customers:2']));
    expect(await model.status()).toMatchObject({ champion: '2', weight: 0 });
  });

  it('goes back by itself from a version that is good offline and bad live', async () => {
    // Somebody exports the table with the wrong sign; labels come late, so that the shadow cannot tell.
    model.deliver(5_000, -1);
    model.renew({ minimumAccuracy: 0.97, maxHoldHours: 0.01, atMaxHold: 'advance' });
    const isLabelled = (state: string): boolean => ['settled', 'canary'].includes(state);
    await model.askUntil(({ state, challenger }) => state === 'canary' && challenger === '3', { isLabelled });
    model.renew({ maxHoldHours: 168, minimumAccuracy: 0 });
    await model.askUntil(
      ({ state, champion, challenger }) => state === 'rolled_back' && challenger === '3' && champion === '2',
      {
        isLabelled,
      },
    );
    const job = model.jobs().at(-1);
    expect(job).toMatchObject({
      state: 'done',
      trigger: { kind: 'quality', evidence: { minimumAccuracy: 0.97 } },
      result: { outcome: 'passed', version: '3' },
    });
    const steps = model.steps().slice(5, 8);
    expect(steps.map(({ state }) => state)).toEqual(['shadow', 'canary', 'rolled_back']);
    expect(steps[1].why).toContain('renewal.atMaxHold is advance; inconclusive: no labels before it answers');
    expect(steps[2].why).toMatch(/^worse: (labels|scores)/);
    expect([...model.answered.values()]).toContain('customers:3');
  });

  it('has lost nothing: each answer is in the log with the version that gave it', async () => {
    model.renew({ mode: 'off' });
    expect(await model.stop()).toEqual(Array(hosts + 1).fill(0));
    const logged = await model.logged();
    expect(logged.size).toBe(model.answered.size);
    expect(logged).toEqual(model.answered);
    for (const versions of model.byServer) {
      expect([...versions.keys()].sort()).toEqual(['customers:1', 'customers:2', 'customers:3']);
    }
  });
}
