import type { Rollout } from '#bundle';
import { HOUR, RandomStream } from '#kit';
import { BoundedMean, logExcessEvidence, logMeanEvidence, logPairEvidence, logShareEvidence } from '#statistics';
import { decide, type RolloutPace } from './decide.js';
import { type CanaryStep, GUARDS, judgeCanary, judgeShadow, SCORE_BINS, type Sides } from './judge.js';
import { LATENCY_BINS, latencyBin } from './stage-counts.js';

const { exp, floor } = Math;

/** Number of simulated canaries; `CANARIES=2000 npm test -- guards` is precise but slow. */
const CANARIES = Number(process.env.CANARIES ?? 20);
const BEGUN = Date.parse('2026-01-02T03:04:05Z');

const pace: RolloutPace = {
  errorBudget: 0.05,
  lossMargin: 0.02,
  latencyRatio: 1.2,
  scoreShift: 0.25,
  shadowHours: 1,
  stepHours: 1,
  minimumRequests: 200,
  maxHoldHours: 168,
  atMaxHold: 'keep_champion',
  watchHours: 24,
};
const rollout = (state: Rollout['state'], weight = 0): Rollout => ({
  format_version: 1,
  id: 'r',
  epoch: 3,
  state,
  champion: '1',
  challenger: '2',
  aliases: { champion: '1', challenger: '2' },
  weight,
  steps: [5, 50],
  mode: 'auto',
  since: new Date(BEGUN).toISOString(),
  reason: '',
});

interface Behaviour {
  readonly failing: number;
  readonly wrong: number;
  readonly milliseconds: number;
  /** Share of the requests in which column a is missing; for column b it is 0.01. */
  readonly gap: number;
  /** Scores are uniform numbers to the power of 1 - skew. */
  readonly skew: number;
}
const USUAL: Behaviour = { failing: 0.01, wrong: 0.1, milliseconds: 5, gap: 0.2, skew: 0 };
type Mutable<T> = {
  -readonly [Key in keyof T]: T[Key] extends Step['gaps'] ? Gaps : T[Key] extends object ? Mutable<T[Key]> : T[Key];
};
type Step = CanaryStep;
type Gaps = Map<string, Mutable<Sides>>;
const COLUMNS = ['a', 'b'] as const;

const emptyStep = (weight: number): Mutable<CanaryStep> => {
  const arm = () => ({ answered: 0, failed: 0, latency: Array<number>(LATENCY_BINS).fill(0) });
  const scores = { champion: Array<number>(10).fill(0), challenger: Array<number>(10).fill(0) };
  return {
    weight,
    champion: arm(),
    challenger: arm(),
    scores,
    gaps: new Map(COLUMNS.map((column) => [column, { champion: 0, challenger: 0 }])),
    wrong: { champion: 0, challenger: 0 },
  };
};

/** Simulates one request. @returns its outcome; without latency and score where it failed */
function ask(
  step: Mutable<CanaryStep>,
  random: RandomStream,
  challenger: Behaviour,
): { side: 'champion' | 'challenger'; latency?: number; score?: number; gaps: readonly string[]; isWrong: boolean } {
  const side = random.uniform() < step.weight ? 'challenger' : 'champion';
  const { failing, wrong, milliseconds, gap, skew } = side === 'challenger' ? challenger : USUAL;
  if (random.uniform() < failing) {
    step[side].failed++;
    return { side, gaps: [], isWrong: false };
  }
  const latency = latencyBin(milliseconds * exp(random.uniform() + random.uniform() - 1));
  const score = floor(random.uniform() ** (1 - skew) * SCORE_BINS);
  const isWrong = random.uniform() < wrong;
  const gaps = COLUMNS.filter((column) => random.uniform() < (column === 'a' ? gap : 0.01));
  for (const column of gaps) step.gaps.get(column)![side]++;
  step[side].answered++;
  step[side].latency[latency]++;
  step.scores[side][score]++;
  if (isWrong) step.wrong[side]++;
  return { side, latency, score, gaps, isWrong };
}

type Evidence = typeof logExcessEvidence;

/** Memoizes evidence, because the same counts recur often. */
function memoized(evidence: Evidence): Evidence {
  const known = new Map<number, Map<number, number>>();
  return (inside, outside, expected) => {
    let own = known.get(expected);
    if (!own) known.set(expected, (own = new Map()));
    const key = inside * 2 ** 20 + outside;
    let log = own.get(key);
    if (log === undefined) own.set(key, (log = evidence(inside, outside, expected)));
    return log;
  };
}
const excess = memoized(logExcessEvidence);
const share = memoized(logShareEvidence);

const SHIFT = Math.ceil(Math.log(pace.latencyRatio) / Math.log(1.2) - 1e-9);

/** ln of the e-values of a canary after each request, updated incrementally. */
class EveryRequest {
  private readonly before = {
    failures: 0,
    labels: 0,
    gaps: { a: 0, b: 0 } as Record<string, number>,
    latency: this.zeros(LATENCY_BINS - 1 - SHIFT),
    scores: this.zeros(SCORE_BINS),
  };
  private readonly now = structuredClone(this.before);
  private readonly beyond = { champion: this.zeros(LATENCY_BINS), challenger: this.zeros(LATENCY_BINS) };

  private zeros(length: number): number[] {
    return Array<number>(length).fill(0);
  }

  /** Begins the next step, whose counts start at 0; the evidence of previous steps is kept. */
  next(): void {
    Object.assign(this.before, structuredClone(this.now));
    this.beyond.champion.fill(0);
    this.beyond.challenger.fill(0);
  }

  add(
    { weight, champion, challenger, scores, gaps, wrong }: Mutable<CanaryStep>,
    { side, latency, score, gaps: lacking, isWrong }: ReturnType<typeof ask>,
  ): void {
    const { before, now, beyond } = this;
    if (latency === undefined || score === undefined) {
      now.failures = before.failures + excess(challenger.failed, champion.failed, weight);
      return;
    }
    if (isWrong) now.labels = before.labels + excess(wrong.challenger, wrong.champion, weight);
    for (const column of lacking) {
      const sides = gaps.get(column)!;
      now.gaps[column] = before.gaps[column] + excess(sides.challenger, sides.champion, weight);
    }
    now.scores[score] = before.scores[score] + share(scores.challenger[score], scores.champion[score], weight);
    for (let edge = 0; edge < latency; edge++) beyond[side][edge]++;
    for (let edge = 0; edge < now.latency.length; edge++) {
      const log = excess(beyond.challenger[edge + SHIFT], beyond.champion[edge], weight);
      now.latency[edge] = before.latency[edge] + log;
    }
  }

  /** In the order of the guards. */
  get logs(): number[] {
    const { failures, labels, latency, scores, gaps } = this.now;
    return [failures, ...[latency, scores, Object.values(gaps)].map(logMeanEvidence), labels];
  }
}

const worse = (steps: readonly CanaryStep[]): string[] =>
  judgeCanary(steps, pace).flatMap(({ guard, verdict }) => (verdict === 'worse' ? [guard] : []));

describe('the guards of a canary', () => {
  it(`reject at most 5 % of ${CANARIES} equally good versions, all guards together, checked after every event`, () => {
    const random = new RandomStream(19, 11);
    const bound = Math.log(GUARDS.length / pace.errorBudget);
    let [accused, events] = [0, 0];
    /** Pairs of the shadow; for one in ten, only one version is right. */
    const isAccusedInShadow = (): boolean => {
      const loss = new BoundedMean(pace.errorBudget / GUARDS.length);
      let [gained, lost] = [0, 0];
      for (let pair = 0; pair < 300; pair++, events++) {
        const u = random.uniform();
        if (u < 0.05) gained++;
        else if (u < 0.1) lost++;
        loss.add(u < 0.05 ? -1 : u < 0.1 ? 1 : 0);
        if (lost > gained && logPairEvidence(gained, lost) >= bound) return true;
        if (loss.interval.low > pace.lossMargin) return true;
      }
      return false;
    };
    const isAccusedInCanary = (): boolean => {
      const steps: Mutable<CanaryStep>[] = [];
      const watched = new EveryRequest();
      for (const weight of [0.01, 0.05, 0.25, 0.5]) {
        const step = emptyStep(weight);
        steps.push(step);
        for (let request = 0; request < 500; request++, events++) {
          watched.add(step, ask(step, random, USUAL));
          if (watched.logs.some((log) => log >= bound) && worse(steps).length > 0) return true;
        }
        // The incremental e-values equal those of the product.
        judgeCanary(steps, pace).forEach(({ e_value }, guard) =>
          expect(Math.log(e_value!)).toBeCloseTo(watched.logs[guard], 4),
        );
        watched.next();
      }
      return false;
    };
    for (let canary = 0; canary < CANARIES; canary++) if (isAccusedInShadow() || isAccusedInCanary()) accused++;
    const found = {
      check: 'A/A, all guards, after every event',
      canaries: CANARIES,
      events,
      accused: accused / CANARIES,
    };
    process.stdout.write(`${JSON.stringify(found)}\n`);
    expect(accused / CANARIES).toBeLessThanOrEqual(0.05);
  });

  it.each([
    ['failures', { ...USUAL, failing: 0.05 }],
    ['latency', { ...USUAL, milliseconds: 15 }],
    ['scores', { ...USUAL, skew: 0.7 }],
    ['gaps', { ...USUAL, gap: 0.5 }],
    ['labels', { ...USUAL, wrong: 0.3 }],
  ] as const)('reject a canary by its %s', (guard, behaviour) => {
    const random = new RandomStream(19, 12);
    const step = emptyStep(0.25);
    let requests = 0;
    while (requests < 20_000 && !worse([step]).includes(guard)) {
      for (let i = 0; i < 100; i++, requests++) ask(step, random, behaviour);
    }
    process.stdout.write(`${JSON.stringify({ check: `A/B, ${guard}`, requests })}\n`);
    expect(worse([step as unknown as CanaryStep])).toContain(guard);
  });

  it('multiply the evidence of all steps', () => {
    const [first, second] = [emptyStep(0.05), emptyStep(0.25)];
    Object.assign(first.challenger, { failed: 4, answered: 100 });
    Object.assign(first.champion, { failed: 10, answered: 1_900 });
    Object.assign(second.challenger, { failed: 8, answered: 300 });
    Object.assign(second.champion, { failed: 6, answered: 900 });
    const values = [[first], [second], [first, second]].map(
      (steps) => judgeCanary(steps as unknown as CanaryStep[], pace)[0].e_value!,
    );
    expect(values[2] / (values[0] * values[1])).toBeCloseTo(1, 3);
  });

  it('are inconclusive before any request', () => {
    expect(judgeCanary([], pace).map(({ verdict }) => verdict)).toEqual(Array(5).fill('inconclusive'));
    expect(
      judgeShadow({ rows: 0, disagreements: 0, slices: [], differences: [] }, pace).map(({ verdict }) => verdict),
    ).toEqual(Array(2).fill('inconclusive'));
  });
});

describe('decide', () => {
  const at = (hours: number): number => BEGUN + hours * HOUR;
  const none = judgeShadow({ rows: 500, disagreements: 3, slices: [], differences: [] }, pace);
  const good = judgeShadow(
    { rows: 3_000, disagreements: 0, slices: [], differences: Array<number>(3_000).fill(0) },
    pace,
  );
  const bad = judgeShadow({ rows: 500, disagreements: 400, slices: [], differences: Array<number>(400).fill(1) }, pace);

  it.each([
    ['goes out of the shadow once labels show it no worse', rollout('shadow'), good, 3_000, 2, 'advance', 'no guard'],
    ['holds without labels', rollout('shadow'), none, 500, 2, 'hold', 'inconclusive: no labels before it answers'],
    ['holds without traffic', rollout('canary', 0.05), [], 0, 100, 'hold', 'inconclusive: no traffic'],
    ['holds with little traffic', rollout('canary', 0.05), [], 7, 2, 'hold', 'has scored 7 of 200'],
    ['holds before its time', rollout('canary', 0.05), [], 900, 0.5, 'hold', 'canary lasts 1 hours at least'],
    ['goes to the next step', rollout('canary', 0.05), [], 900, 2, 'advance', 'no guard speaks against it'],
    ['goes back at once where it is worse', rollout('shadow'), bad, 500, 0.1, 'rollback', 'worse: pairs'],
    ['goes back while it is watched', rollout('watch', 1), bad, 500, 3, 'rollback', 'worse: pairs'],
    [
      'keeps the champion where nothing was shown for too long',
      rollout('shadow'),
      none,
      500,
      169,
      'rollback',
      'held for',
    ],
    ['is watched', rollout('watch', 1), none, 500, 3, 'hold', 'watched for 24 hours'],
    ['is settled', rollout('watch', 1), none, 500, 25, 'advance', 'nothing was against it'],
    ['is left alone while it is paused', { ...rollout('paused'), paused: 'canary' }, bad, 500, 400, 'hold', 'paused'],
  ] as const)('%s', (_, one, evidence, scored, hours, kind, reason) => {
    const decision = decide(one, evidence, scored, pace, at(hours));
    expect([decision.kind, decision.reason]).toEqual([kind, expect.stringContaining(reason)]);
  });

  it('advances at maxHoldHours where atMaxHold says so', () => {
    const decision = decide(rollout('shadow'), none, 500, { ...pace, atMaxHold: 'advance' }, at(169));
    expect(decision.kind).toBe('advance');
  });
});
