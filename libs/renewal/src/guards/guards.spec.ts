import type { Rollout } from '#bundle';
import { HOUR, RandomStream } from '#kit';
import { decide, type Pace } from './decide.js';
import { type CanaryStep, judgeCanary, judgeShadow } from './judge.js';
import { LATENCY_BINS, latencyBin } from './stage-counts.js';

/** `CANARIES=2000 npm test -- guards` takes its time. */
const CANARIES = Number(process.env.CANARIES ?? 20);
const BEGUN = Date.parse('2026-01-02T03:04:05Z');

const pace: Pace = {
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
  /** The scores are the square root of even ones by so much. */
  readonly skew: number;
}
const USUAL: Behaviour = { failing: 0.01, wrong: 0.1, milliseconds: 5, skew: 0 };
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends object ? Mutable<T[Key]> : T[Key] };

const emptyStep = (weight: number): Mutable<CanaryStep> => {
  const arm = () => ({ answered: 0, failed: 0, latency: Array<number>(LATENCY_BINS).fill(0) });
  const scores = { champion: Array<number>(10).fill(0), challenger: Array<number>(10).fill(0) };
  return {
    weight,
    champion: arm(),
    challenger: arm(),
    scores,
    wrong: { champion: 0, challenger: 0 },
  };
};

/** One request more. */
function ask(step: Mutable<CanaryStep>, random: RandomStream, challenger: Behaviour): void {
  const side = random.uniform() < step.weight ? 'challenger' : 'champion';
  const { failing, wrong, milliseconds, skew } = side === 'challenger' ? challenger : USUAL;
  if (random.uniform() < failing) return void step[side].failed++;
  step[side].answered++;
  step[side].latency[latencyBin(milliseconds * Math.exp(random.uniform() + random.uniform() - 1))]++;
  step.scores[side][Math.floor(random.uniform() ** (1 - skew) * 10)]++;
  if (random.uniform() < wrong) step.wrong[side]++;
}

const worse = (steps: readonly CanaryStep[]): string[] =>
  judgeCanary(steps, pace).flatMap(({ guard, verdict }) => (verdict === 'worse' ? [guard] : []));

describe('the guards of a canary', () => {
  it(`accuse at most 5 % of ${CANARIES} canaries of the same model, all guards together, looked at all along`, () => {
    const random = new RandomStream(19, 11);
    let accused = 0;
    for (let canary = 0; canary < CANARIES; canary++) {
      const steps: Mutable<CanaryStep>[] = [];
      look: for (const weight of [0.01, 0.05, 0.25, 0.5]) {
        const step = emptyStep(weight);
        steps.push(step);
        for (let request = 1; request <= 2_000; request++) {
          ask(step, random, USUAL);
          if (request % 500 > 0 || worse(steps).length === 0) continue;
          accused++;
          break look;
        }
      }
    }
    process.stdout.write(
      `${JSON.stringify({ check: 'A/A, all guards', canaries: CANARIES, accused: accused / CANARIES })}\n`,
    );
    expect(accused / CANARIES).toBeLessThanOrEqual(0.05);
  });

  it.each([
    ['failures', { ...USUAL, failing: 0.05 }],
    ['latency', { ...USUAL, milliseconds: 15 }],
    ['scores', { ...USUAL, skew: 0.7 }],
    ['labels', { ...USUAL, wrong: 0.3 }],
  ] as const)('accuse a canary by its %s', (guard, behaviour) => {
    const random = new RandomStream(19, 12);
    const step = emptyStep(0.25);
    let requests = 0;
    while (requests < 20_000 && !worse([step]).includes(guard)) {
      for (let i = 0; i < 100; i++, requests++) ask(step, random, behaviour);
    }
    process.stdout.write(`${JSON.stringify({ check: `A/B, ${guard}`, requests })}\n`);
    expect(worse([step as unknown as CanaryStep])).toContain(guard);
  });

  it('carry what the steps before have shown', () => {
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

  it('say nothing before anything came', () => {
    expect(judgeCanary([], pace).map(({ verdict }) => verdict)).toEqual(Array(4).fill('inconclusive'));
    expect(judgeShadow({ rows: 0, disagreements: 0, differences: [] }, pace).map(({ verdict }) => verdict)).toEqual(
      Array(2).fill('inconclusive'),
    );
  });
});

describe('decide', () => {
  const at = (hours: number): number => BEGUN + hours * HOUR;
  const none = judgeShadow({ rows: 500, disagreements: 3, differences: [] }, pace);
  const good = judgeShadow({ rows: 3_000, disagreements: 0, differences: Array<number>(3_000).fill(0) }, pace);
  const bad = judgeShadow({ rows: 500, disagreements: 400, differences: Array<number>(400).fill(1) }, pace);

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

  it('goes on at the end of its patience where that is asked for', () => {
    const decision = decide(rollout('shadow'), none, 500, { ...pace, atMaxHold: 'advance' }, at(169));
    expect(decision.kind).toBe('advance');
  });
});
