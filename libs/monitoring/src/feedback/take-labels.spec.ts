import { DAY } from '#kit';
import { temporaryFolder } from '#testing';
import { FileStore } from '../store/file/file-store.js';
import { all, idAt, NOON, rowsOf } from '../store/testing/store-contract.js';
import { LabelTaker } from './take-labels.js';

const folder = temporaryFolder();
const nothing = { accepted: 0, corrected: 0, duplicate: 0, unknown: 0, too_old: 0, invalid: 0, examples: {} };

describe('LabelTaker', () => {
  const countsOf = async (labels: readonly unknown[]) => (await taker.take(labels)).counts;
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
      await countsOf([
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
      countsOf([{ prediction_id: second, label, observed_at: at(hour) }]);
    expect(await take('no', 3)).toEqual({ ...nothing, accepted: 1 });
    expect(await take('yes', 5)).toEqual({ ...nothing, corrected: 1, examples: { corrected: [second] } });
    expect(await take('no', 4)).toEqual({ ...nothing, duplicate: 1, examples: { duplicate: [second] } });
    expect((await labels())[second]).toEqual(['yes', Date.parse(at(5))]);
  });

  it('keeps the label of a prediction that is not in the store yet', async () => {
    expect(await countsOf([{ prediction_id: young, label: 'late' }])).toEqual({ ...nothing, accepted: 1 });
    expect((await labels())[young]).toBeUndefined();
    await store.append({ producer: 'a', sequence: 2, rows: rowsOf([{ id: young }]) });
    expect((await labels())[young]).toEqual(['late', NOON]);
  });

  const ID_FAULT = ['prediction_id', 'the prediction_id of an answer, a UUID'];
  const LABEL_FAULT = ['label', 'a class or a number: a text of 1 to 1000 characters, a number or a boolean'];
  const TIME_FAULT = ['observed_at', 'a time with its offset from UTC, such as 2026-11-24T10:00:00Z'];
  const OBJECT_FAULT = ['', 'an object with prediction_id or external_id, and label'];
  it.each<[unknown, string[], unknown]>([
    ['no JSON', OBJECT_FAULT, 'no JSON'],
    [null, OBJECT_FAULT, null],
    [[1], OBJECT_FAULT, 'an array of 1'],
    [{}, LABEL_FAULT, 'nothing'],
    [{ label: 'x' }, ['prediction_id', 'present, or external_id in its place'], 'nothing'],
    [{ prediction_id: first }, LABEL_FAULT, 'nothing'],
    [{ prediction_id: first, label: '' }, LABEL_FAULT, ''],
    [{ prediction_id: first, label: null }, LABEL_FAULT, null],
    [{ prediction_id: first, label: NaN }, LABEL_FAULT, 'NaN, a number beyond the range of a double'],
    [{ prediction_id: first, label: 'a\0b' }, LABEL_FAULT, 'a\0b'],
    [{ prediction_id: first, label: ['x'] }, LABEL_FAULT, 'an array of 1'],
    [{ prediction_id: 'x', label: 'x' }, ID_FAULT, 'x'],
    [{ prediction_id: 7, label: 'x' }, ID_FAULT, 7],
    [
      { prediction_id: first, external_id: 'one', label: 'x' },
      ['external_id', 'absent where prediction_id is given'],
      'one',
    ],
    [
      { external_id: 'a b', label: 'x' },
      ['external_id', 'a text of 1 to 64 letters, digits, ".", "_", ":" and "-"'],
      'a b',
    ],
    [{ prediction_id: first, label: 'x', observed_at: 'yesterday' }, TIME_FAULT, 'yesterday'],
    [{ prediction_id: first, label: 'x', observed_at: 5 }, TIME_FAULT, 5],
  ])('refuses %j, and says why', async (input, [field, expected], received) => {
    const { counts, faults } = await taker.take([{ external_id: 'one', label: 1 }, input]);
    expect(counts).toMatchObject({ accepted: 0, duplicate: 1, invalid: 1 });
    const { prediction_id, external_id } = (input ?? {}) as Record<string, unknown>;
    const id = [prediction_id ?? external_id].filter((one) => typeof one === 'string')[0];
    expect(faults).toEqual([{ index: 1, ...(id !== undefined && { id }), field, expected, received }]);
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
      countsOf(labels.map(([prediction_id, label]) => ({ prediction_id, label })));
    expect(await take([yes, 'yess'], [one, 2], [one, 'x'], [price, 'dear'], [price, ' '])).toEqual({
      ...nothing,
      invalid: 5,
      examples: { invalid: [yes, one, one, price, price] },
    });
    const { faults } = await taker.take([
      { prediction_id: yes, label: 'yess' },
      { prediction_id: one, label: 2 },
      { prediction_id: price, label: 'dear' },
      { external_id: 'two', label: 'yes' },
    ]);
    expect(faults).toEqual([
      { index: 0, id: yes, field: 'label', expected: 'a class of m:2: no, yes', received: 'yess' },
      { index: 1, id: one, field: 'label', expected: 'a class of m:3: 0, 1', received: '2' },
      { index: 2, id: price, field: 'label', expected: 'a number, as m:4 is a regression', received: 'dear' },
      {
        index: 3,
        id: 'two',
        field: 'external_id',
        expected: 'the external_id of one prediction; several have this one: send the prediction_id',
        received: 'two',
      },
    ]);
    expect(await take([yes, 'yes'], [one, '1.0'], [price, '2e3'])).toEqual({ ...nothing, accepted: 3 });
    const taken = await labels();
    expect([yes, one, price].map((id) => taken[id][0])).toEqual(['yes', '1', '2000']);
  });

  it('judges labels of a version that is loaded by its classes, before the store knows them', async () => {
    const id = idAt(NOON - DAY, 21);
    await store.append({ producer: 'a', sequence: 4, rows: rowsOf([{ id, version: '5' }]) });
    const own = new LabelTaker(store, () => NOON);
    own.know({ model: 'm', version: '5', classes: ['no', 'yes'] });
    expect((await own.take([{ prediction_id: id, label: 'yess' }])).counts.invalid).toBe(1);
  });

  it('returns ten example ids of each outcome, and ten faults', async () => {
    const counts = await countsOf(Array.from({ length: 12 }, (_, n) => ({ prediction_id: idAt(1_000, n), label: 1 })));
    expect([counts.too_old, counts.examples.too_old?.length]).toEqual([12, 10]);
    const { faults } = await taker.take(Array.from({ length: 12 }, () => ({ label: 1 })));
    expect(faults.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
