import { readFileSync } from 'node:fs';
import {
  contest,
  FAMILY_NAMES,
  type FamilyName,
  LEARNERS,
  meanLoss,
  ownLoss,
  SHORT_FORESTS,
  tooLarge,
} from './helper/learners/contest.js';

/** Written by test/peers/learners.spec.ts: the peers' losses on the same tables, by learner, family and seed from 1 on. */
const { losses } = JSON.parse(readFileSync('test/fixtures/learners/peers.json', 'utf8')) as {
  losses: Record<string, Record<FamilyName, readonly number[]>>;
};

it.each(LEARNERS)(
  '%s does as well on random tables as scikit-learn or XGBoost',
  async (kind) => {
    const peer = FAMILY_NAMES.flatMap((family) => losses[kind][family]);
    const own: number[] = [];
    for (const family of FAMILY_NAMES) {
      for (let seed = 1; seed <= losses[kind][family].length; seed++) {
        const one = contest(kind, family, seed, 'short');
        own.push(await meanLoss(kind, SHORT_FORESTS, (own) => ownLoss(one, own)));
      }
    }
    expect(tooLarge({ own, peer })).toEqual([]);
  },
  600_000,
);
