import { join } from 'node:path';
import { writeAliases, writeBundle } from '#bundle';
import { startRollout } from '#renewal';
import { temporaryFolder, TINY_ROWS, tinyBundle, until } from '#testing';
import { boot, type RunningApi } from '../helper/boot.js';
import { sampleOf } from '../helper/metrics-text.js';

const [BATCHES, ROWS] = [6, 20_000];
const SINGLES = 40;

const folder = temporaryFolder();

describe('The shadow', () => {
  const models = join(folder, 'models');
  let api: RunningApi;
  beforeAll(async () => {
    await writeBundle(models, tinyBundle());
    await writeBundle(models, tinyBundle({ version: '2' }));
    await writeAliases(models, 'tiny', { champion: '1' });
    await startRollout({ directory: models }, 'tiny', { version: '2', steps: [50], mode: 'auto' }, 'a test');
    api = await boot({
      MODELS_DIR: models,
      MONITOR_ENABLED: 'true',
      MONITOR_STORE: join(folder, 'monitor'),
      LOG_LEVEL: 'silent',
    });
  });
  afterAll(() => api.close());

  /** What has become of the rows so far, once that is known of all. */
  const outcomesOf = (all: number) =>
    until(async () => {
      const { text } = await api.ask('/metrics');
      const [agreed, disagreed, shed] = ['agreed', 'disagreed', 'shed'].map(
        (outcome) => sampleOf(text, 'skewless_shadow_rows_total', { model: 'tiny', outcome }) ?? 0,
      );
      return agreed + disagreed + shed === all && { agreed, disagreed, shed };
    });

  it('compares each row with its own answer, also where rows of several callers are scored at once', async () => {
    const rows = Array.from({ length: SINGLES }, (_, n) => TINY_ROWS[n % TINY_ROWS.length]);
    const answers = await Promise.all(rows.map((row) => api.post('/predict', row)));
    expect(new Set(answers.map(({ body }) => body.prediction as string)).size).toBeGreaterThan(1);
    expect(await outcomesOf(SINGLES)).toEqual({ agreed: SINGLES, disagreed: 0, shed: 0 });
  });

  it('sheds rows before any caller is refused', async () => {
    const of = (value: number | null) => Array<number | null>(ROWS).fill(value);
    const body = { columns: { weight_kg: of(0), distance_km: of(9000), value_eur: of(null) } };
    const asked = Array.from({ length: BATCHES }, () => api.post('/predict/batch', body));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    const rows = await outcomesOf(SINGLES + BATCHES * ROWS);
    const refused = statuses.filter((status) => status === 503).length;
    process.stdout.write(`${JSON.stringify({ check: 'shadow under load', batches: BATCHES, ...rows, refused })}\n`);
    expect(statuses).toEqual(Array(BATCHES).fill(200));
    expect(rows.shed).toBeGreaterThan(0);
    expect(rows.disagreed).toBe(0);
  });
});
