import { categoryCells, classScoreTable, numberCells } from '#bundle';
import { DAY, RandomStream } from '#kit';
import { toCellCounts } from '../../counts/cell-counts.js';
import type { MonitorStore } from '../../store/monitor-store.js';
import { recordEvent } from '../../watch/events.js';
import { keepVersion, planOf, type WatchedVersion } from '../../watch/watched-version.js';

/** A category whose name is an attempt at cross-site scripting. */
export const HOSTILE = '<img src=x onerror="alert(1)">';
const CONTRACTS = ['Month-to-month', 'One year', 'Two year', HOSTILE];
/** Minutes of an hour with rows, and rows in each, one for each request. */
const [MINUTES, ROWS] = [6, 10];
/** The first of the days. */
export const START = Date.UTC(2026, 10, 16);

/** Parameters of a day's rows. */
export interface DayOfTraffic {
  /** Added to tenure, in months. */
  readonly shift?: number;
  /** Share of rows without charges. */
  readonly missing?: number;
  /** Share of labels flipped against the model's own distribution. */
  readonly flipped?: number;
  /** Share of rows that have a label. */
  readonly labelled?: number;
}

interface Row {
  readonly tenure: number;
  readonly charges: number;
  readonly contract: number;
  readonly score: number;
  readonly label: number;
}

function draw(random: RandomStream, { shift = 0, missing = 0.01, flipped = 0 }: DayOfTraffic): Row {
  const tenure = Math.min(72, Math.max(0, Math.round(72 * random.uniform() ** 1.3 + shift)));
  const charges = random.uniform() < missing ? NaN : 20 + 100 * random.uniform();
  const contract = [0, 0, 0, 0, 0, 1, 1, 2, 2, 3][random.below(10)];
  const share = 1 / (1 + Math.exp(-(1.6 - tenure / 20 - contract + (Number.isNaN(charges) ? 0 : charges / 80))));
  const knew = random.uniform() < share ? 1 : 0;
  return {
    tenure,
    charges,
    contract,
    score: Math.fround(share),
    label: random.uniform() < flipped ? 1 - knew : knew,
  };
}

function rows(random: RandomStream, count: number, day: DayOfTraffic): Row[] {
  return Array.from({ length: count }, () => draw(random, day));
}

const numbers = (of: readonly Row[], name: keyof Row): Float64Array => Float64Array.from(of, (row) => row[name]);

/** A version of an invented model of customers, with a baseline of 8,000 rows. */
export function customers(model = 'customers'): WatchedVersion {
  const trained = rows(new RandomStream(18, 1), 8_000, {});
  const predicted = Uint8Array.from(trained, ({ score }) => (score > 0.5 ? 1 : 0));
  const labels = numbers(trained, 'label');
  return {
    model,
    version: '3',
    loadedAt: START + 5 * (DAY / 24),
    task: 'binary',
    classes: ['no', 'yes'],
    slices: ['contract'],
    accuracy: trained.filter(({ label }, i) => label === predicted[i]).length / trained.length,
    inputs: [
      { name: 'tenure', type: 'integer', nullable: true },
      { name: 'charges', type: 'float', nullable: true },
      { name: 'contract', type: 'category', codes: 'text', values: CONTRACTS, unknown: 'other', nullable: true },
    ],
    baseline: {
      format_version: 2,
      rows: trained.length,
      columns: {},
      cells: {
        tenure: numberCells(numbers(trained, 'tenure')),
        charges: numberCells(numbers(trained, 'charges')),
        contract: categoryCells(numbers(trained, 'contract'), CONTRACTS),
      },
      scores: classScoreTable({ scores: numbers(trained, 'score'), predicted, labels, classes: 2 }),
    },
  };
}

const idOf = (time: number, n: number): string => {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
};

/** Stores the predictions of some days as a server would: 1,440 rows a day. */
export async function answer(
  store: MonitorStore,
  watched: WatchedVersion,
  days: readonly DayOfTraffic[],
  start = START,
): Promise<void> {
  const { model, version, loadedAt } = watched;
  const plan = planOf(watched);
  const random = new RandomStream(18, 2);
  await keepVersion(store, watched);
  await recordEvent(store, { kind: 'loaded', model, time: loadedAt, body: { version } }, [version]);
  let sequence = 0;
  const batch = (content: object): Promise<void> =>
    store.append({ producer: `${model}-traffic`, sequence: ++sequence, ...content });
  for (const [d, day] of days.entries()) {
    const { labelled = 0 } = day;
    const all: { id: string; row: Row }[] = [];
    const counts = [];
    for (let minute = 0; minute < 1_440; minute += 60 / MINUTES) {
      const time = start + d * DAY + minute * 60_000;
      const own = rows(random, ROWS, day);
      own.forEach((row, n) => all.push({ id: idOf(time, n), row }));
      const cells = new Float64Array(plan.length);
      plan.count(
        {
          columns: [numbers(own, 'tenure'), numbers(own, 'charges'), numbers(own, 'contract')],
          scores: numbers(own, 'score'),
          predicted: Uint8Array.from(own, ({ score }) => (score > 0.5 ? 1 : 0)),
        },
        0,
        own.length,
        cells,
      );
      counts.push(...toCellCounts(plan, { model, version, time }, { rows: own.length, calls: own.length, cells }));
    }
    await batch({ counts });
    const none = all.map(() => null);
    await batch({
      rows: {
        ids: all.map(({ id }) => id),
        externalIds: none,
        models: all.map(() => model),
        versions: all.map(() => version),
        predictions: all.map(({ row }) => (row.score > 0.5 ? 'yes' : 'no')),
        scores: all.map(({ row }) => row.score),
        slices: all.map(({ row }) => JSON.stringify({ contract: CONTRACTS[row.contract] })),
        raw: none,
        weights: none,
      },
    });
    const withLabel = all.filter(() => random.uniform() < labelled);
    if (withLabel.length === 0) continue;
    await batch({
      labels: {
        ids: withLabel.map(({ id }) => id),
        labels: withLabel.map(({ row }) => (row.label === 1 ? 'yes' : 'no')),
        observedAt: withLabel.map(() => start + (d + 1) * DAY),
      },
    });
  }
}
