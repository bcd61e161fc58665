import type { Rollout } from '#bundle';
import { type EvidenceStore, readCanary, readShadow } from './read-stages.js';
import { columnOf, countsOf, gapsOf, shadowOf } from './stage-counts.js';

const BEGUN = Date.parse('2026-11-30T12:00:00.000Z');
const ROLLOUT: Rollout = {
  format_version: 1,
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  epoch: 2,
  state: 'canary',
  champion: '1',
  challenger: '2',
  aliases: { champion: '1', challenger: '2' },
  weight: 0.5,
  steps: [50],
  mode: 'auto',
  since: new Date(BEGUN).toISOString(),
  reason: 'a test',
};
const timeline = [
  { when: ROLLOUT.since, who: 'me', why: 'a test', rollout: { event: 'advance' as const, file: ROLLOUT } },
];

type Row = EvidenceStore extends { predictions(query: never): AsyncIterable<infer R> } ? R : never;

/** A store with one row of the challenger at each of the times after the step began, and counts of its requests. */
function storeOf(
  times: readonly number[],
  [answered, failed]: readonly [number, number],
  gaps: readonly (readonly [version: string, epoch: number, column: string, n: number])[] = [],
): EvidenceStore {
  const rows = times.map((time, i) => ({
    id: `row ${i}`,
    time: BEGUN + time,
    version: '2',
    prediction: 'no',
    score: 0.55,
    label: 'yes',
    observedAt: BEGUN + time,
  })) as unknown as Row[];
  return {
    counts: (query) =>
      Promise.resolve(
        query.model === countsOf('tiny')
          ? [
              {
                model: query.model,
                version: '2',
                column: columnOf(ROLLOUT.id, 2, 'requests'),
                time: BEGUN,
                cells: [answered, failed],
              },
              ...gaps.map(([version, epoch, column, n]) => ({
                model: query.model,
                version,
                column: gapsOf(ROLLOUT.id, epoch, column),
                time: BEGUN,
                cells: [n],
              })),
            ]
          : [],
      ),
    // eslint-disable-next-line @typescript-eslint/require-await
    predictions: async function* () {
      yield* rows;
    },
  };
}

const read = (store: EvidenceStore) =>
  readCanary({ store, model: 'tiny', now: BEGUN + 60_000, labelDelay: 0, settle: 5_000 }, ROLLOUT, timeline);

describe('readCanary', () => {
  it('counts a request as seen only if all guards have seen it: rows of the settling time do not count', async () => {
    const [step] = await read(storeOf([0, 1_000, 4_999], [3, 0]));
    expect([step.challenger.answered, step.seen, step.wrong]).toEqual([3, 0, { champion: 0, challenger: 0 }]);
  });

  it('counts failures as seen, and one row of each request after the settling time', async () => {
    // Two rows with the same time are a batch.
    const [step] = await read(storeOf([4_999, 5_000, 6_000, 6_000, 7_000], [4, 2]));
    expect([step.seen, step.wrong.challenger, step.scores.challenger[5]]).toEqual([5, 3, 3]);
  });

  it('sums gaps by column and side, of this step only', async () => {
    const gaps = [
      ['1', 2, 'a/b', 30],
      ['2', 2, 'a/b', 3],
      ['2', 2, 'a/b', 4],
      ['1', 2, 'c', 0],
      ['2', 1, 'c', 9],
      ['3', 2, 'c', 9],
    ] as const;
    const [step] = await read(storeOf([], [1, 0], gaps));
    expect([...step.gaps]).toEqual([
      ['a/b', { champion: 30, challenger: 7 }],
      ['c', { champion: 0, challenger: 0 }],
    ]);
  });
});

describe('readShadow', () => {
  it('counts disagreements by the values of slices, those that differ most first', async () => {
    const answered = [
      ['a', 'yes', { plan: 'free', seats: 1 }],
      ['b', 'yes', { plan: 'free', seats: 2 }],
      ['c', 'no', { plan: 'paid', seats: 1 }],
      ['d', 'no', null],
      ['not in the shadow', 'no', { plan: 'paid', seats: 1 }],
    ] as const;
    const said = { a: 'no', b: 'yes', c: 'no', d: 'yes' };
    const store: EvidenceStore = {
      counts: () => Promise.resolve([]),
      // eslint-disable-next-line @typescript-eslint/require-await
      predictions: async function* ({ model }) {
        const rows =
          model === shadowOf('tiny')
            ? Object.entries(said).map(([externalId, prediction]) => ({ externalId, prediction }))
            : answered.map(([id, prediction, slices]) => ({
                id,
                prediction,
                label: null,
                slices: slices && JSON.stringify(slices),
              }));
        yield* rows as unknown as Row[];
      },
    };
    const shadow: Rollout = { ...ROLLOUT, state: 'shadow', weight: 0 };
    expect(await readShadow({ store, model: 'tiny', now: BEGUN + 60_000, labelDelay: 0 }, shadow)).toEqual({
      rows: 4,
      disagreements: 2,
      slices: [
        { column: 'plan', value: 'free', rows: 2, disagreements: 1 },
        { column: 'seats', value: '1', rows: 2, disagreements: 1 },
        { column: 'seats', value: '2', rows: 1, disagreements: 0 },
        { column: 'plan', value: 'paid', rows: 1, disagreements: 0 },
      ],
      differences: [],
    });
  });
});
