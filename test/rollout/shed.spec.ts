import { join } from 'node:path';
import { writeAliases, writeBundle } from '#bundle';
import { startRollout } from '#renewal';
import { temporaryFolder, tinyBundle, until } from '#testing';
import { boot } from '../helper/boot.js';
import { sampleOf } from '../helper/metrics-text.js';

const [BATCHES, ROWS] = [6, 20_000];

const folder = temporaryFolder();

it('The shadow sheds rows before any caller is refused', async () => {
  const models = join(folder, 'models');
  await writeBundle(models, tinyBundle());
  await writeBundle(models, tinyBundle({ version: '2' }));
  await writeAliases(models, 'tiny', { champion: '1' });
  await startRollout({ directory: models }, 'tiny', { version: '2', steps: [50], mode: 'auto' }, 'a test');
  const api = await boot({
    MODELS_DIR: models,
    MONITOR_ENABLED: 'true',
    MONITOR_STORE: join(folder, 'monitor'),
    LOG_LEVEL: 'silent',
  });
  try {
    const of = (value: number | null) => Array<number | null>(ROWS).fill(value);
    const body = { columns: { weight_kg: of(0), distance_km: of(9000), value_eur: of(null) } };
    const asked = Array.from({ length: BATCHES }, () => api.post('/predict/batch', body));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    const rows = await until(async () => {
      const { text } = await api.ask('/metrics');
      const [agreed, disagreed, shed] = ['agreed', 'disagreed', 'shed'].map(
        (outcome) => sampleOf(text, 'skewless_shadow_rows_total', { model: 'tiny', outcome }) ?? 0,
      );
      return agreed + disagreed + shed === BATCHES * ROWS && { agreed, disagreed, shed };
    });
    const refused = statuses.filter((status) => status === 503).length;
    process.stdout.write(`${JSON.stringify({ check: 'shadow under load', batches: BATCHES, ...rows, refused })}\n`);
    expect(statuses).toEqual(Array(BATCHES).fill(200));
    expect(rows.shed).toBeGreaterThan(0);
    expect(rows.disagreed).toBe(0);
  } finally {
    await api.close();
  }
});
