import { runNode } from './helper/run-node.js';

/** Of a simulation, all of it arithmetic. */
const SECONDS = 600;

interface Found {
  readonly seed: number;
  readonly falseAlarms: readonly { readonly streams: number; readonly perStream: number; readonly batch?: number }[];
  readonly found: readonly { readonly drift: string; readonly within: number; readonly elsewhere: number }[];
  readonly cpuSeconds: number;
}

describe('the watch over 100 made-up streams of 20 columns', () => {
  let simulated: Found;

  beforeAll(() => {
    simulated = JSON.parse(runNode(['bench/drift/short.mjs'], { seconds: SECONDS }).stdout) as Found;
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

  it('finds drifts of 1,000 rows a day in their week, where they are', () => {
    expect(simulated.found).toHaveLength(6);
    for (const { drift, within, elsewhere } of simulated.found) {
      expect({ drift, within, elsewhere }).toEqual({ drift, within: 1, elsewhere: 0 });
    }
  });
});

describe('a mistake in the watch', () => {
  const watch = (...mistake: string[]): { alarms: number; streams: number } => {
    const { stdout: text } = runNode(['bench/drift/mutant.mjs', ...mistake], { seconds: SECONDS });
    process.stdout.write(text);
    return JSON.parse(text) as { alarms: number; streams: number };
  };

  it('is looked for on streams that do not alarm without it', () => {
    expect(watch()).toMatchObject({ alarms: 0, streams: 12 });
  });

  it.each([
    "the baseline's shares are taken for the truth",
    'rows of batches count as independent',
    'a value at an edge is in the next bin',
    'the baseline is counted without its missing values',
    "outside is not scaled down to the baseline's size",
    'nothing is outside in the baseline',
    'values that occur once are left in their bins too',
    'a z-test stands for the exact one',
  ])('breaks the budget: %s', (mistake) => {
    const { alarms, streams } = watch(mistake);
    expect(alarms / streams).toBeGreaterThanOrEqual(2);
  });
});
