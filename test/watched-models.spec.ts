import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Baseline, CategoryCells, ErrorBin, NumberCells, ScoreTable } from '#bundle';
import { RandomStream } from '#kit';
import { openStore, runWatch } from '#monitoring';
import { readRows, withDuckDb } from '#tables';
import { HostedWorkspace, temporaryFolder } from '#testing';
import { boot, type RunningApi } from './helper/boot.js';
import { StoppedClock } from './helper/stopped-clock.js';

interface Alarm {
  readonly kind: string;
  readonly since: string;
}

/** Parcels of colours and weights: what they cost, and whether that is much. One line in a hundred has no weight, ten have a rare colour. */
interface Parcel {
  readonly colour: string;
  readonly weight: string;
  readonly price: number;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const ROWS = 600;
const COLOURS = ['red', 'green', '<b>blue</b>'];
const DAY = 86_400_000;
const TODAY = Date.now() - (Date.now() % DAY);
const iso = (time: number): string => new Date(time).toISOString();
const random = new RandomStream(18, 7);

function draw(n: number, colour = COLOURS[Math.min(2, random.below(4))]): Parcel {
  const weight = random.uniform() * 10;
  const price = 5 + 3 * weight + 10 * COLOURS.indexOf(colour) + 2 * (random.uniform() - 0.5);
  return { colour: n % 60 === 7 ? `rare ${n}` : colour, weight: n % 100 === 3 ? '' : weight.toFixed(3), price };
}

const parcels = Array.from({ length: ROWS }, (_, n) => draw(n));
const workspace = new HostedWorkspace();
const home = mkdtempSync(join(tmpdir(), 'skewless-home-'));
const storeFolder = temporaryFolder();

async function trained(name: string, target: string, of: (parcel: Parcel) => string): Promise<Baseline> {
  const lines = parcels.map((parcel) => `${parcel.colour},${parcel.weight},${of(parcel)}`);
  writeFileSync(join(home, `${name}.csv`), `colour,weight,${target}\n${lines.join('\n')}\n`);
  const run = (...args: string[]) => workspace.runWith({ SKEWLESS_HOME: home }, ...args);
  expect(await run('init', join(home, `${name}.csv`), '--target', target)).toMatchObject({ code: 0 });
  const file = join(home, `config/models/${name}.yaml`);
  const model = readFileSync(file, 'utf8')
    .replace('algorithm: auto', 'algorithm: gradient_boosting')
    .replace('hyperparameters: {}', 'hyperparameters: {n_estimators: 20}');
  writeFileSync(file, model);
  const { code, stderr } = await run('run', name);
  if (code !== 0) throw new Error(stderr);
  return readJson(join(home, `models/${name}/1/baseline.json`)) as Baseline;
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** Everything that was answered is in the store once the server has ended. */
const monitored = (): Promise<RunningApi> =>
  boot({
    MODELS_DIR: join(home, 'models'),
    DEFAULT_MODEL: 'prices',
    MONITOR_ENABLED: 'true',
    MONITOR_STORE: storeFolder,
    MONITOR_ROWS: 'all',
  });

describe('The watch of models of a stranger', () => {
  let prices: Baseline;
  let dear: Baseline;
  let sent: { readonly colour: string; readonly weight: number | null; readonly price: number }[];
  beforeAll(async () => {
    prices = await trained('prices', 'price', ({ price }) => price.toFixed(4));
    dear = await trained('dear', 'dear', ({ price }) => (price > 25 ? 'yes' : 'no'));
  });

  it('compares with all rows of the table: each category, rare and missing ones', () => {
    for (const { cells = {} } of [prices, dear]) {
      const colour = cells.colour as CategoryCells;
      const known = Object.fromEntries(colour.values.map((value, i) => [value, colour.counts[i]]));
      for (const name of COLOURS)
        expect([name, known[name]]).toEqual([name, parcels.filter((parcel) => parcel.colour === name).length]);
      const rare = parcels.filter(({ colour: name }) => name.startsWith('rare')).length;
      expect([rare, sum(colour.counts) + colour.other + colour.unseen + colour.missing]).toEqual([10, ROWS]);
      // Those of the test part alone are none of the vocabulary.
      const ones = colour.counts.filter((count) => count === 1).length;
      expect(colour.singletons + colour.unseen).toBe(rare);
      expect(ones + colour.other).toBe(colour.singletons);
      const weight = cells.weight as NumberCells;
      expect([weight.missing, sum(weight.counts)]).toEqual([6, 594]);
    }
  });

  it('knows how large the errors of a regression are, by what it predicts', () => {
    const { bins } = prices.scores as ScoreTable<ErrorBin>;
    const { metrics, test_samples } = readJson(join(home, 'models/prices/1/manifest.json')) as {
      metrics: Record<string, number>;
      test_samples: number;
    };
    const all = (of: (bin: ErrorBin) => number): number => sum(bins.map(of));
    expect([bins.length > 3, all(({ rows }) => rows)]).toEqual([true, test_samples]);
    expect(all((bin) => bin.absolute_error) / test_samples).toBeCloseTo(metrics.test_mae, 4);
    expect(Math.sqrt(all((bin) => bin.squared_error) / test_samples)).toBeCloseTo(metrics.test_rmse, 4);
  });

  it('finds a category that takes over, a prediction that moves with it, and what labels say of the errors', async () => {
    // Two hours of yesterday: the watch compares minutes.
    const clock = new StoppedClock(TODAY - DAY / 2);
    const api = await monitored();
    const rows = Array.from({ length: 700 }, (_, n) => draw(n * 60 + 1, n % 5 === 0 ? undefined : COLOURS[2]));
    const labels: { prediction_id: string; label: number }[] = [];
    const deviations: number[] = [];
    sent = rows.map(({ colour, weight, price }) => ({
      colour,
      weight: weight === '' ? null : Number(weight),
      price: price + 10,
    }));
    for (const { colour, weight, price } of rows) {
      const row = { colour, weight: weight === '' ? null : Number(weight) };
      const { body } = await api.post('/models/prices/predict', row);
      labels.push({ prediction_id: body.prediction_id, label: price + 10 });
      deviations.push(body.prediction - price - 10);
      await api.post('/models/dear/predict', row);
      clock.advance(10_000);
    }
    const { body } = await api.post('/feedback', { labels });
    expect(body).toMatchObject({ accepted: rows.length });
    await api.close();
    clock.giveBack();

    const store = await openStore({ store: storeFolder, schema: '', maxBytes: 1e9 });
    const runs = await runWatch(store, TODAY + 600_000);
    await store.close();
    const told = runs.flatMap(({ model, drift }) => drift.map(({ alarm }) => [model, alarm.column, alarm.scale]));
    for (const model of ['prices', 'dear']) {
      expect(told).toContainEqual([model, 'colour', '1d']);
      expect(told).toContainEqual([model, 'score', '1d']);
      expect(told).not.toContainEqual([model, 'weight', '1d']);
    }

    // The day after, as the watch has seen it.
    const later = new StoppedClock(TODAY + DAY / 2);
    const again = await monitored();
    const { body: report } = await again.ask('/monitor/prices?format=json');
    const errors = deviations.map(Math.abs);
    const mae = sum(errors) / errors.length;
    expect(report).toMatchObject({ status: 'moved', quality: { metric: 'mae', labels: 700, coverage: 1 } });
    expect(report.quality.value).toBeCloseTo(mae, 3);
    expect(report.quality.low).toBeLessThan(mae);
    expect(report.quality.high).toBeGreaterThan(mae);
    const [rmse, bias] = report.quality.others;
    expect([rmse.metric, bias.metric, bias.registered]).toEqual(['rmse', 'bias', null]);
    expect(rmse.value).toBeCloseTo(Math.sqrt(sum(errors.map((error) => error ** 2)) / errors.length), 3);
    expect([rmse.low < rmse.value, rmse.value < rmse.high, rmse.registered < rmse.low]).toEqual([true, true, true]);
    expect(bias.value).toBeCloseTo(sum(deviations) / deviations.length, 3);
    expect([bias.low < bias.value, bias.value < bias.high, bias.high < 0]).toEqual([true, true, true]);
    // The labels are ten too high: they refute what is promised without them, and prove that errors are large.
    expect(report.estimate).toBeNull();
    const alarm = report.alarms.find(({ kind, since }: Alarm) => kind === 'error' && since === iso(TODAY));
    expect(alarm).toMatchObject({ column: null, split: null, baseline: report.quality.registered, p: null });
    expect(alarm.now).toBeCloseTo(mae, 3);
    const page = (await again.ask('/monitor/prices')).text;
    expect(page).toContain('moved, and errors are large');
    expect(page).toContain('<b>Mean absolute error</b>: 1');
    expect(page).toContain('Root mean squared error<b>1');
    expect(page).toContain('Mean error<b>-1');
    const csv = (await again.ask('/monitor?format=csv')).text.split('\r\n').map((line) => line.split(','));
    const line = csv.find(([model]) => model === 'prices')!;
    const cells = Object.fromEntries(csv[0].map((name, place) => [name, line[place]]));
    expect(cells).toMatchObject({ metric: 'mae', value: String(report.quality.value), labels: '700' });
    expect([cells.low, cells.high]).toEqual([report.quality.low, report.quality.high].map(String));
    expect([cells.rmse, cells.rmse_low, cells.rmse_high]).toEqual([rmse.value, rmse.low, rmse.high].map(String));
    expect(cells.bias).toBe(String(bias.value));
    expect(page).toContain('<b>colour</b>: values other than &quot;&lt;b&gt;blue&lt;/b&gt;&quot; fell from ');
    expect(page).not.toContain('<b>blue</b>');
    await again.close();
    later.giveBack();
  });

  it('gives back the rows that were answered and labelled as a table that run takes, bit for bit', async () => {
    const run = (...args: string[]) => workspace.runWith({ SKEWLESS_HOME: home }, ...args);
    const span = ['--from', new Date(TODAY - DAY).toISOString(), '--to', new Date(TODAY).toISOString()];
    const out = join(home, 'log.parquet');
    const model = ['prices', '--model', 'prices', '--set', `monitor.store=${storeFolder}`];
    const { code, stdout } = await run('data', 'from-log', ...model, ...span, '--out', out, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ rows: 700, unlabelled: 0, not_kept: 0 })]);
    const read = await withDuckDb({}, (connection) =>
      readRows<{ colour: string | null; weight: number | null; price: number }>(
        connection,
        `SELECT * FROM read_parquet('${out}')`,
      ),
    );
    const lines = (rows: { weight: number | null; price: number }[]): string[] =>
      rows.map(({ weight, price }) => JSON.stringify([weight, price])).sort();
    expect(lines(read)).toEqual(lines(sent));
    const known = new Set(COLOURS);
    const colours = sent.map(({ colour }) => colour).filter((colour) => known.has(colour));
    expect(
      read
        .map(({ colour }) => colour)
        .filter((colour) => colour !== null && known.has(colour))
        .sort(),
    ).toEqual(colours.sort());

    const file = join(home, 'config/models/prices.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('prices.csv', 'log.parquet'));
    const trainedAgain = await run('run', 'prices', '--json');
    if (trainedAgain.code !== 0) throw new Error(trainedAgain.stderr);
    expect(readJson(join(home, 'data/processed/prices/metadata.json'))).toMatchObject({
      rows: { raw: 700, kept: 700 },
    });
  });
});
