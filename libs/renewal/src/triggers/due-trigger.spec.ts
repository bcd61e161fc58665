import { HOUR } from '#kit';
import type { MonitorEvent, MonitorStore } from '#monitoring';
import { dueTrigger, type TriggerContext, type TriggerOptions } from './due-trigger.js';

const TRAINED = Date.parse('2026-03-01T00:00:00Z');
const never: TriggerOptions = {
  everyHours: 0,
  onDrift: false,
  newLabels: 0,
  cooldownHours: 24,
  lookbackDays: 90,
  labelDelayHours: 0,
};

interface Answered {
  readonly at: number;
  readonly label: string | null;
  readonly version?: string;
  readonly observed?: number;
  /** Of a regression. */
  readonly value?: number;
}

const rowsOf = (count: number, label: string | null, at = 30): Answered[] =>
  Array.from({ length: count }, () => ({ at, label }));

describe('dueTrigger', () => {
  const store = (rows: readonly Answered[], events: readonly MonitorEvent[]): TriggerContext['store'] => ({
    events: ({ model, kind, from = 0 }) =>
      Promise.resolve(events.filter((one) => one.model === model && one.kind === kind && one.time >= from)),
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface of a store is asynchronous
    predictions: async function* ({ model, from, to }) {
      for (const [n, { at, label, version = '1', observed = at, value }] of rows.entries()) {
        const time = TRAINED + at * HOUR;
        if (time < from || time >= to) continue;
        const nothing = { externalId: null, slices: null, raw: null, weight: null };
        const observedAt = label === null ? null : TRAINED + observed * HOUR;
        const answer =
          value === undefined ? { prediction: 'yes', score: 0.9 } : { prediction: `${value}`, score: null };
        yield { id: String(n), time, model, version, ...answer, label, observedAt, ...nothing };
      }
    } as MonitorStore['predictions'],
  });
  const opened = (at: number, version = '1', model = 'm'): MonitorEvent => ({
    id: `${at}`,
    time: TRAINED + at * HOUR,
    model,
    kind: 'drift.opened',
    body: { version, episode: { alarm: { column: 'age', scale: '1d' } } },
  });
  const due = (
    options: Partial<TriggerOptions>,
    { hours = 48, rows = [] as readonly Answered[], events = [] as readonly MonitorEvent[], trustsLabels = true } = {},
  ) =>
    dueTrigger(
      {
        store: store(rows, events),
        model: 'm',
        champion: '1',
        last: TRAINED,
        now: TRAINED + hours * HOUR,
        trustsLabels,
      },
      { ...never, ...options },
    );

  it('never fires without an option', async () => {
    const rows = rowsOf(1_000, 'no');
    expect(await due({}, { rows, events: [opened(30)], hours: 10_000 })).toBeUndefined();
  });

  it('is the schedule once its time has passed, and not before', async () => {
    expect(await due({ everyHours: 48 }, { hours: 47.9 })).toBeUndefined();
    expect(await due({ everyHours: 48 }, { hours: 48 })).toEqual({
      kind: 'schedule',
      reason: 'trained 48 hours ago',
      evidence: { hours: 48 },
    });
  });

  it('is an alarm of the champion since the last training', async () => {
    const events = [opened(-1), opened(2, '0'), opened(3, '1', 'other')];
    expect(await due({ onDrift: true }, { events })).toBeUndefined();
    const event = opened(30);
    expect(await due({ onDrift: true }, { events: [...events, event] })).toEqual({
      kind: 'drift',
      reason: 'age has moved within 1d',
      evidence: event.body,
    });
  });

  it('is an accuracy that is proven to be below the floor', async () => {
    // 85 of 100 are right: Wilson's 95 % interval ends at 0.9069.
    const rows = [...rowsOf(85, 'yes'), ...rowsOf(15, 'no'), ...rowsOf(50, null)];
    expect(await due({ minimumAccuracy: 0.9 }, { rows })).toBeUndefined();
    expect(await due({ minimumAccuracy: 0.91 }, { rows })).toEqual({
      kind: 'quality',
      reason: 'accuracy is at most 0.9069, below 0.91',
      evidence: { right: 85, wrong: 15, high: expect.closeTo(0.9069, 3) as number, minimumAccuracy: 0.91 },
    });
  });

  it('is a mean absolute error that is proven to be above the ceiling', async () => {
    // Errors of 1 and 3 alternate: 2 on average, and Student's interval begins at 1.776.
    const rows = Array.from({ length: 80 }, (_, n) => ({ at: 30, label: '10', value: n % 2 === 0 ? 11 : 7 }));
    expect(await due({ maximumMae: 1.8, minimumAccuracy: 0.9 }, { rows })).toBeUndefined();
    expect(await due({ maximumMae: 1.7 }, { rows })).toEqual({
      kind: 'quality',
      reason: 'the mean absolute error is at least 1.776, above 1.7',
      evidence: { labels: 80, low: expect.closeTo(1.776, 3) as number, maximumMae: 1.7 },
    });
    // Classes and labels that are not numbers have no error.
    const others = [...rowsOf(80, '1'), ...rows.map((row) => ({ ...row, label: 'ten' }))];
    expect(await due({ maximumMae: 0 }, { rows: others })).toBeUndefined();
  });

  it('judges the quality by rows of the champion alone, old enough, within the window', async () => {
    const rows = [
      ...rowsOf(100, 'no').map((row) => ({ ...row, version: '0' })),
      ...rowsOf(100, 'no', 47),
      ...rowsOf(100, 'no', -100),
      ...rowsOf(100, 'yes'),
    ];
    const options = { minimumAccuracy: 0.9, labelDelayHours: 2, lookbackDays: 3 };
    expect(await due(options, { rows })).toBeUndefined();
    expect(await due({ ...options, labelDelayHours: 0 }, { rows })).toMatchObject({
      evidence: { right: 100, wrong: 100 },
    });
    expect(await due({ ...options, lookbackDays: 10 }, { rows })).toMatchObject({
      evidence: { right: 100, wrong: 100 },
    });
  });

  it('is enough labels that were observed since the last training', async () => {
    const rows = [...rowsOf(60, 'yes'), ...rowsOf(30, 'no', -5).map((row) => ({ ...row, observed: -1 }))];
    expect(await due({ newLabels: 61 }, { rows })).toBeUndefined();
    const late = [...rows, { at: -5, label: 'no', observed: 1 }];
    expect(await due({ newLabels: 61 }, { rows: late })).toEqual({
      kind: 'labels',
      reason: '61 new labels',
      evidence: { fresh: 61, newLabels: 61 },
    });
  });

  it('ignores labels of unauthenticated clients, but not an alarm of values', async () => {
    const rows = rowsOf(1_000, 'no');
    const asked = { newLabels: 10, minimumAccuracy: 0.9, maximumMae: 0 };
    expect(await due(asked, { rows, trustsLabels: false })).toBeUndefined();
    const options = { newLabels: 10, minimumAccuracy: 0.9, onDrift: true };
    expect(await due(options, { rows, trustsLabels: false, events: [opened(30)] })).toMatchObject({ kind: 'drift' });
  });

  it('is nothing within the cooldown, whatever was seen', async () => {
    const options = { everyHours: 1, onDrift: true, newLabels: 10, minimumAccuracy: 0.9, cooldownHours: 50 };
    const seen = { rows: rowsOf(1_000, 'no'), events: [opened(30)] };
    expect(await due(options, { ...seen, hours: 49.9 })).toBeUndefined();
    expect(await due(options, { ...seen, hours: 50 })).toMatchObject({ kind: 'schedule' });
  });
});
