import type { RenewedModel } from './renewed-model.js';

/**
 * Guards react only to large differences, so that an episode ends as its labels determine, however slow the machine.
 */
const QUICK = {
  cooldownHours: 0,
  steps: [50],
  shadowHours: 0,
  stepHours: 0,
  minimumRequests: 20,
  errorBudget: 0.001,
  lossMargin: 0.3,
  latencyRatio: 100,
  scoreShift: 1,
  watchHours: 0.0003,
};
/** Labelled rows of the champion that suffice to know its accuracy. */
const ROWS = 200;

/**
 * A model is renewed automatically: once for the better, and once for the worse, which is rolled back.
 *
 * @param model must have been started
 */
export function itIsRenewed(model: RenewedModel, hosts: number): void {
  const haveAllAnsweredBy = (version: string): boolean =>
    model.byServer.every((versions) => versions.has(`customers:${version}`));
  const last = (): string | undefined => model.steps().at(-1)?.state;

  it('is trained again by itself as its rows drift, and the new version becomes the champion by evidence', async () => {
    model.renew({ ...QUICK, mode: 'off' });
    await model.askUntil(() => model.answered.size >= ROWS);
    expect(new Set(model.answered.values())).toEqual(new Set(['customers:1']));
    expect(await model.status()).toMatchObject({ state: 'idle', champion: '1' });
    await model.until(async () => (await model.labelled('1')) >= ROWS);
    expect(await model.nextHour()).toMatch(/ {2}c: .* rose from .* to 100\.0 %/);
    model.renew({ mode: 'auto' });
    await model.until(() => model.jobs().length > 0);
    // An alarm of another hour would train it once more.
    model.renew({ onDrift: false });
    await model.askUntil(() => last() === 'settled' || last() === 'rolled_back');
    expect(model.steps().map(({ state }) => state)).toEqual(['shadow', 'canary', 'promoted', 'watch', 'settled']);
    const [job] = model.jobs();
    expect(job).toMatchObject({
      state: 'done',
      attempt: 1,
      trigger: { kind: 'drift', reason: expect.stringMatching(/^c has moved within /) },
      result: { outcome: 'passed', version: '2' },
    });
    expect(job.log.rows).toBeGreaterThanOrEqual(ROWS);
    await model.askUntil(() => haveAllAnsweredBy('2'));
    expect(new Set(model.answered.values())).toEqual(new Set(['customers:1', 'customers:2']));
    expect(await model.status()).toMatchObject({ state: 'settled', champion: '2', weight: 0 });
  });

  it('goes back by itself from a version that is good offline and bad live', async () => {
    await model.askUntil(async () => (await model.labelled('2')) >= ROWS);
    // The table is exported with the wrong sign; labels arrive late, so that neither shadow nor canary notices.
    model.deliver(5_000, -1);
    model.renew({ minimumAccuracy: 0.97, atMaxHold: 'advance', watchHours: 168 });
    await model.until(() => model.jobs().length > 1);
    model.renew({ minimumAccuracy: 0 });
    const late = { isLabelled: false };
    const held = 'inconclusive: no labels before it answers';
    await model.askUntil(async () => (await model.status()).reason === held, late);
    model.renew({ maxHoldHours: 0 });
    await model.askUntil(() => last() === 'watch' && haveAllAnsweredBy('3'), late);
    await model.askUntil(() => last() !== 'watch');
    const steps = model.steps().slice(5);
    expect(steps.map(({ state }) => state)).toEqual(['shadow', 'canary', 'promoted', 'watch', 'rolled_back']);
    expect(steps[1].why).toContain(`renewal.atMaxHold is advance; ${held}`);
    expect(steps[4].why).toMatch(/^worse: pairs/);
    expect(model.jobs().slice(1)).toMatchObject([
      {
        state: 'done',
        trigger: { kind: 'quality', evidence: { minimumAccuracy: 0.97 } },
        result: { outcome: 'passed', version: '3' },
      },
    ]);
    expect(await model.status()).toMatchObject({ state: 'rolled_back', champion: '2', challenger: '3', weight: 0 });
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
