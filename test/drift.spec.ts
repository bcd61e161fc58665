import { execFileSync } from 'node:child_process';

interface Found {
  readonly seed: number;
  readonly falseAlarms: readonly { readonly streams: number; readonly perStream: number; readonly batch?: number }[];
  readonly found: readonly { readonly drift: string; readonly within: number; readonly elsewhere: number }[];
  readonly cpuSeconds: number;
}

describe('the watch over 100 made-up streams of 20 columns', () => {
  let simulated: Found;

  beforeAll(() => {
    simulated = JSON.parse(execFileSync(process.execPath, ['bench/drift/short.mjs'], { encoding: 'utf8' })) as Found;
    process.stdout.write(`${JSON.stringify(simulated)}\n`);
  });

  /** The mean over the settings of one kind, of all their streams. */
  const mean = (isBatch: boolean): number => {
    const settings = simulated.falseAlarms.filter(({ batch }) => (batch !== undefined) === isBatch);
    const alarms = settings.reduce((sum, { streams, perStream }) => sum + streams * perStream, 0);
    return alarms / settings.reduce((sum, { streams }) => sum + streams, 0);
  };

  it('keeps the budget of 0.1 false alarms in 30 days: 0.121 at most, of batches of alike rows 0.15', () => {
    expect(simulated.falseAlarms.reduce((sum, { streams }) => sum + streams, 0)).toBe(100);
    expect(mean(false)).toBeLessThanOrEqual(0.121);
    expect(mean(true)).toBeLessThanOrEqual(0.15);
  });

  it('finds drifts of 1,000 rows in their day, where they are', () => {
    expect(simulated.found).toHaveLength(6);
    for (const { drift, within, elsewhere } of simulated.found) {
      expect({ drift, found: within >= 0.8, elsewhere }).toEqual({ drift, found: true, elsewhere: 0 });
    }
  });
});
