import { RandomStream } from '#kit';
import { BoundedMean } from './bounded-mean.js';
import { logExcessEvidence, logMeanEvidence, logPairEvidence, logShareEvidence } from './share-evidence.js';

/** Seven guards share 5 %, as in renewal. */
const BOUND = Math.log(7 / 0.05);
/** Set CANARIES=2000 for a longer run: `CANARIES=2000 npm test -- sequential`. */
const CANARIES = Number(process.env.CANARIES ?? 300);

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
const tell = (found: object): unknown => process.stdout.write(`${JSON.stringify(found)}\n`);

describe('evidence of shares', () => {
  // scipy.special.betaln and betaincc, SciPy 1.17.1
  it.each([
    [1, 0, 0.05, 1.568823854, 0],
    [0, 1, 0.05, -0.2232092244, 0],
    [14, 91, 0.05, 4.006358939, 2.363670405],
    [5, 95, 0.05, -1.629494729, -2.4644318],
    [3, 200, 0.05, -3.082990174, 1.349354513],
    [600, 400, 0.5, 17.57942784, 16.88628066],
    [40, 1000, 0.01, 22.43009802, 19.77322964],
    [12000, 88000, 0.1, 205.7284324, 204.4267566],
  ])('of %d within and %d outside a share of %d is what SciPy says', (inside, outside, expected, excess, any) => {
    expect(logExcessEvidence(inside, outside, expected)).toBeCloseTo(excess, 7);
    expect(logShareEvidence(inside, outside, expected)).toBeCloseTo(any, 7);
  });

  it.each([
    [1, 0, 0],
    [42, 78, 2.862307103],
    [60, 60, -2.621620533],
    [0, 12, 6.49253424],
    [5000, 4700, -0.1758425979],
  ])('of %d and %d discordant pairs is what SciPy says', (gained, lost, log) => {
    expect(logPairEvidence(gained, lost)).toBeCloseTo(log, 7);
    expect(logPairEvidence(lost, gained)).toBeCloseTo(log, 7);
  });

  it('is none where there was no event, or all requests or none go to one version', () => {
    for (const expected of [0, 0.05, 1]) expect(logExcessEvidence(0, 0, expected)).toBe(0);
    for (const expected of [0, 1]) {
      expect([logExcessEvidence(5, 5, expected), logShareEvidence(5, 5, expected)]).toEqual([0, 0]);
    }
  });

  it('of several places is their mean', () => {
    expect(logMeanEvidence([])).toBe(0);
    expect(logMeanEvidence([Math.log(1), Math.log(9)])).toBeCloseTo(Math.log(5), 12);
    expect(logMeanEvidence([900, -900])).toBeCloseTo(900 - Math.LN2, 9);
  });

  it(`is an e-value: its expectation over one event is 1 under the null`, () => {
    for (const expected of [0.01, 0.05, 0.5]) {
      const mean =
        expected * Math.exp(logExcessEvidence(1, 0, expected)) +
        (1 - expected) * Math.exp(logExcessEvidence(0, 1, expected));
      expect(mean).toBeCloseTo(1, 9);
    }
  });
});

describe('a look after every event', () => {
  it(`accuses at most 5 % of ${CANARIES} canaries that are as good, whatever their share`, () => {
    const random = new RandomStream(19, 1);
    let accused = 0;
    for (let canary = 0; canary < CANARIES; canary++) {
      const share = [0.01, 0.05, 0.25, 0.5][canary % 4];
      const bound = Math.log(1 / 0.05);
      let inside = 0;
      for (let event = 1; event <= 300; event++) {
        if (random.uniform() < share) inside++;
        if (logExcessEvidence(inside, event - inside, share) < bound) continue;
        accused++;
        break;
      }
    }
    tell({ check: 'A/A, failures', canaries: CANARIES, accused: accused / CANARIES });
    expect(accused / CANARIES).toBeLessThanOrEqual(0.05);
  });

  it('accuses a canary that fails three times as often within 800 of its requests', () => {
    const random = new RandomStream(19, 2);
    const [share, worse, usual] = [0.05, 0.03, 0.01];
    const needed = Array.from({ length: 100 }, () => {
      let [inside, outside, requests] = [0, 0, 0];
      for (;;) {
        const isCanary = random.uniform() < share;
        if (isCanary) requests++;
        if (random.uniform() >= (isCanary ? worse : usual)) continue;
        if (isCanary) inside++;
        else outside++;
        if (logExcessEvidence(inside, outside, share) >= BOUND) return requests;
      }
    });
    tell({ check: 'A/B, failures 1 % to 3 % at 5 %', median_canary_requests: median(needed) });
    expect(median(needed)).toBeLessThanOrEqual(800);
  });

  it('accuses a challenger that is right 3 points less often within 2,000 pairs', () => {
    const random = new RandomStream(19, 3);
    const needed = Array.from({ length: 100 }, () => {
      let [gained, lost] = [0, 0];
      for (let pairs = 1; ; pairs++) {
        const u = random.uniform();
        if (u >= 0.1) continue;
        if (u < 0.035) gained++;
        else lost++;
        if (lost > gained && logPairEvidence(gained, lost) >= BOUND) return pairs;
      }
    });
    tell({ check: 'A/B, accuracy -3 points', median_pairs: median(needed) });
    expect(median(needed)).toBeLessThanOrEqual(2_000);
  });

  it('keeps the mean of bounded values within the interval, at all times together', () => {
    const random = new RandomStream(19, 4);
    let outside = 0;
    const widths: number[] = [];
    for (let run = 0; run < CANARIES; run++) {
      // Three values of which the mean is 0.1.
      const bounded = new BoundedMean(0.05);
      let isOutside = false;
      for (let i = 0; i < 500; i++) {
        const u = random.uniform();
        bounded.add(u < 0.2 ? 1 : u < 0.3 ? -1 : 0);
        const { low, high } = bounded.interval;
        if (low > 0.1 || high < 0.1) isOutside = true;
      }
      if (isOutside) outside++;
      widths.push(bounded.interval.high - bounded.interval.low);
    }
    tell({ check: 'confidence sequence', outside: outside / CANARIES, width_of_500: median(widths) });
    expect(outside / CANARIES).toBeLessThanOrEqual(0.05);
    expect(median(widths)).toBeLessThan(0.4);
  });
});

describe('BoundedMean', () => {
  it('knows nothing before the first value, and takes values beyond its bounds as these', () => {
    const [far, near] = [new BoundedMean(0.05), new BoundedMean(0.05)];
    expect([far.values, far.interval]).toEqual([0, { low: -1, high: 1 }]);
    for (let i = 0; i < 50; i++) {
      far.add(7);
      near.add(1);
    }
    expect([far.values, far.interval]).toEqual([50, near.interval]);
    expect(near.interval.low).toBeGreaterThan(0);
  });
});
