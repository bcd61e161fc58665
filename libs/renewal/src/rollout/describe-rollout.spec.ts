import { type RolloutStatus, rolloutText } from './describe-rollout.js';

const CANARY: RolloutStatus = {
  model: 'churn',
  state: 'canary',
  id: 'r1',
  champion: '1',
  challenger: '2',
  weight: 0.05,
  since: '2026-11-30T00:00:00.000Z',
  evidence: [],
  reason: 'started by hand',
};

it.each<[Partial<RolloutStatus>, string]>([
  [{ state: 'idle' }, 'churn: champion 1, no rollout'],
  [{}, 'churn: champion 1, rollout of version 2 canary at 5 % (started by hand)'],
  [
    { state: 'paused', weight: 0, reason: null },
    'churn: champion 1, rollout of version 2 paused; continue: npx skewless rollout resume churn',
  ],
  [
    { state: 'queued', challenger: null, reason: 'by hand' },
    'churn: champion 1, rollout queued (by hand); a worker trains it: npx skewless worker',
  ],
])('A rollout of %j is one line', (change, text) => {
  expect(rolloutText({ ...CANARY, ...change })).toBe(text);
});
