import fc from 'fast-check';
import { isActive, type Rollout } from '#bundle';
import {
  afterEvent,
  ROLLOUT_ACTIONS,
  type RolloutEvent,
  RolloutInProgressError,
  RolloutStateError,
} from './rollout-events.js';

const at = new Date('2026-01-02T03:04:05Z');
const start: RolloutEvent = {
  kind: 'start',
  id: 'r',
  champion: '3',
  challenger: '4',
  steps: [1, 5, 25, 50],
  mode: 'auto',
};
const after = (events: readonly RolloutEvent[], from?: Rollout): Rollout | undefined =>
  events.reduce<Rollout | undefined>((rollout, event) => afterEvent(rollout, event, { at, reason: event.kind }), from);
const advances = (count: number): RolloutEvent[] => Array.from({ length: count }, () => ({ kind: 'advance' }));

describe('afterEvent', () => {
  it('goes from shadow over the steps of the canary to promoted, watch and settled', () => {
    const seen = Array.from({ length: 8 }, (_, n) => after([start, ...advances(n)])!);
    expect(seen.map(({ state, weight, aliases }) => [state, weight, aliases.champion])).toEqual([
      ['shadow', 0, '3'],
      ['canary', 0.01, '3'],
      ['canary', 0.05, '3'],
      ['canary', 0.25, '3'],
      ['canary', 0.5, '3'],
      ['promoted', 1, '4'],
      ['watch', 1, '4'],
      ['settled', 1, '4'],
    ]);
    expect(seen.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('waits in mode manual for a user before the canary', () => {
    const manual: RolloutEvent = { ...start, mode: 'manual' };
    const waiting = after([manual, { kind: 'advance' }])!;
    expect(waiting).toMatchObject({ state: 'paused', paused: 'canary', weight: 0 });
    expect(after([{ kind: 'resume' }], waiting)).toMatchObject({ state: 'canary', weight: 0.01 });
  });

  it('holds the weight while it is paused, and goes on where it was', () => {
    const paused = after([start, ...advances(2), { kind: 'pause' }])!;
    expect(paused).toMatchObject({ state: 'paused', paused: 'canary', weight: 0.05 });
    const resumed = after([{ kind: 'resume' }], paused)!;
    expect(resumed).toMatchObject({ state: 'canary', weight: 0.05 });
    expect(resumed).not.toHaveProperty('paused');
  });

  it('goes back to the champion from before, wherever it was promoted', () => {
    for (const events of [[{ kind: 'promote' }], advances(5), advances(6)] as RolloutEvent[][]) {
      const back = after([start, ...events, { kind: 'rollback' }])!;
      expect(back).toMatchObject({ state: 'rolled_back', weight: 0, aliases: { champion: '3', challenger: '4' } });
    }
  });

  it('rejects events that are invalid in the state, and lists the valid ones', () => {
    const settled = after([start, ...advances(7)])!;
    for (const kind of ROLLOUT_ACTIONS) {
      expect(() => after([{ kind }], settled)).toThrow(RolloutStateError);
      expect(() => after([{ kind }])).toThrow(
        new RolloutStateError(`${kind} is not possible while the rollout is in the state idle; possible: start.`),
      );
    }
    expect(() => after([start, start])).toThrow(RolloutInProgressError);
    expect(() => after([start, ...advances(5), { kind: 'abort' }])).toThrow(
      'abort is not possible while the rollout is in the state promoted; possible: pause, rollback.',
    );
  });

  it('always has one champion, never splits after the promotion, and counts every step', () => {
    const event = fc.oneof(
      fc.constantFrom<RolloutEvent>({ kind: 'advance' }, ...ROLLOUT_ACTIONS.map((kind) => ({ kind }))),
      fc.constantFrom<RolloutEvent>(start, { ...start, mode: 'manual', id: 's' }, { ...start, steps: [] }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let rollout: Rollout | undefined;
        for (const one of events) {
          const before = rollout;
          try {
            rollout = afterEvent(rollout, one, { at, reason: '' });
          } catch (error) {
            expect(error instanceof RolloutStateError || error instanceof RolloutInProgressError).toBe(true);
            expect(rollout).toBe(before);
            continue;
          }
          expect(rollout.epoch).toBe((before?.epoch ?? 0) + 1);
          const { state, paused, weight, aliases, champion, challenger } = rollout;
          expect([champion, challenger]).toContain(aliases.champion);
          const standing = paused ?? state;
          const isPromoted = ['promoted', 'watch', 'settled'].includes(standing);
          expect(aliases.champion).toBe(isPromoted ? challenger : champion);
          if (standing === 'shadow' || state === 'rolled_back') expect(weight).toBe(0);
          expect(isActive(rollout)).toBe(!['settled', 'rolled_back'].includes(state));
        }
      }),
    );
  });
});
