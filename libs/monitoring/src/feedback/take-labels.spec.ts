import { DAY } from '#kit';
import { temporaryFolder } from '#testing';
import { FileStore } from '../store/file/file-store.js';
import { all, idAt, NOON, rowsOf } from '../store/testing/store-contract.js';
import { LabelTaker } from './take-labels.js';

const folder = temporaryFolder();
const nothing = { accepted: 0, corrected: 0, duplicate: 0, unknown: 0, too_old: 0, invalid: 0, examples: {} };

describe('LabelTaker', () => {
  const store = new FileStore({ folder, maxBytes: 1e9, now: () => NOON });
  const taker = new LabelTaker(store, () => NOON);
  const [first, second, young] = [idAt(NOON - DAY, 1), idAt(NOON - DAY, 2), idAt(NOON - 1_000, 3)];
  const labels = async () =>
    Object.fromEntries((await all(store)).map(({ id, label, observedAt }) => [id, [label, observedAt]]));
  beforeAll(() =>
    store.append({
      producer: 'a',
      sequence: 1,
      rows: rowsOf([
        { id: first, externalId: 'one' },
        { id: second, externalId: 'two' },
        { id: idAt(NOON - DAY, 4), externalId: 'two' },
      ]),
    }),
  );
  afterAll(() => store.close());

  it('takes labels by either id, and says what it does not know', async () => {
    expect(
      await taker.take([
        { prediction_id: first.toUpperCase(), label: 1 },
        { external_id: 'one', label: '1' },
        { external_id: 'two', label: '1' },
        { external_id: 'three', label: '1' },
        { prediction_id: idAt(NOON - DAY, 9), label: 'x' },
        { prediction_id: idAt(NOON - 31 * DAY), label: 'x' },
      ]),
    ).toEqual({
      ...nothing,
      accepted: 1,
      duplicate: 1,
      unknown: 2,
      too_old: 1,
      invalid: 1,
      examples: {
        duplicate: [first],
        unknown: ['three', idAt(NOON - DAY, 9)],
        too_old: [idAt(NOON - 31 * DAY)],
        invalid: ['two'],
      },
    });
    expect((await labels())[first]).toEqual(['1', NOON]);
  });

  it('lets the later observed label count, in whatever order they come', async () => {
    const at = (hour: number) => `2026-11-29T0${hour}:00:00+00:00`;
    const take = async (label: string, hour: number) =>
      taker.take([{ prediction_id: second, label, observed_at: at(hour) }]);
    expect(await take('no', 3)).toEqual({ ...nothing, accepted: 1 });
    expect(await take('yes', 5)).toEqual({ ...nothing, corrected: 1, examples: { corrected: [second] } });
    expect(await take('no', 4)).toEqual({ ...nothing, duplicate: 1, examples: { duplicate: [second] } });
    expect((await labels())[second]).toEqual(['yes', Date.parse(at(5))]);
  });

  it('keeps the label of a prediction that is not in the store yet', async () => {
    expect(await taker.take([{ prediction_id: young, label: 'late' }])).toEqual({ ...nothing, accepted: 1 });
    expect((await labels())[young]).toBeUndefined();
    await store.append({ producer: 'a', sequence: 2, rows: rowsOf([{ id: young }]) });
    expect((await labels())[young]).toEqual(['late', NOON]);
  });

  it.each([
    {},
    { label: 'x' },
    { prediction_id: first },
    { prediction_id: first, label: '' },
    { prediction_id: first, label: null },
    { prediction_id: first, label: NaN },
    { prediction_id: first, label: 'a\0b' },
    { prediction_id: first, label: ['x'] },
    { prediction_id: 'x', label: 'x' },
    { prediction_id: 7, label: 'x' },
    { prediction_id: first, external_id: 'one', label: 'x' },
    { external_id: 'a b', label: 'x' },
    { prediction_id: first, label: 'x', observed_at: 'yesterday' },
    { prediction_id: first, label: 'x', observed_at: 5 },
  ])('refuses %j', async (input) => {
    expect(await taker.take([input])).toMatchObject({ ...nothing, invalid: 1, examples: expect.anything() });
  });

  it('takes only classes of the version, and numbers for one without classes', async () => {
    const [yes, one, price] = [idAt(NOON - DAY, 11), idAt(NOON - DAY, 12), idAt(NOON - DAY, 13)];
    const rows = [
      { id: yes, version: '2' },
      { id: one, version: '3' },
      { id: price, version: '4' },
    ];
    await store.append({ producer: 'a', sequence: 3, rows: rowsOf(rows) });
    for (const [version, classes] of Object.entries({ 2: ['no', 'yes'], 3: [0, 1], 4: [] })) {
      await store.keep(`version/m/${version}`, { classes });
    }
    const take = (...labels: [id: string, label: unknown][]) =>
      taker.take(labels.map(([prediction_id, label]) => ({ prediction_id, label })));
    expect(await take([yes, 'yess'], [one, 2], [one, 'x'], [price, 'dear'], [price, ' '])).toEqual({
      ...nothing,
      invalid: 5,
      examples: { invalid: [yes, one, one, price, price] },
    });
    expect(await take([yes, 'yes'], [one, '1.0'], [price, '2e3'])).toEqual({ ...nothing, accepted: 3 });
    const taken = await labels();
    expect([yes, one, price].map((id) => taken[id][0])).toEqual(['yes', '1', '2000']);
  });

  it('returns ten example ids of each outcome', async () => {
    const counts = await taker.take(
      Array.from({ length: 12 }, (_, n) => ({ prediction_id: idAt(1_000, n), label: 1 })),
    );
    expect([counts.too_old, counts.examples.too_old?.length]).toEqual([12, 10]);
  });
});
