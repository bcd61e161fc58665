import type { RenewalReport } from '../report/renewal-report.js';
import { renewalSection, wayTo } from './renewal-section.js';

const CANARY: RenewalReport = {
  state: 'canary',
  champion: '3',
  challenger: '4',
  weight: 0.05,
  since: '2026-03-01T14:00:00.000Z',
  waits_for: 'the next look of a worker (skewless worker); the last one says: inconclusive: no traffic',
  reason: 'inconclusive: no traffic',
  evidence: [
    { guard: 'failures', n: 12, e_value: 10, bound: 100, verdict: 'no worse', note: '3 of 400 requests failed' },
    { guard: 'scores', n: 900, e_value: null, bound: 100, verdict: 'worse' },
    { guard: 'loss', n: 0, e_value: null, bound: 0.02, verdict: 'inconclusive', note: 'no labels yet' },
  ],
  timeline: [
    { time: '2026-03-01T14:00:00.000Z', kind: 'step', text: 'version 4: canary at 5 % (asked <by> ops; root)' },
    { time: '2026-03-01T10:00:00.000Z', kind: 'trigger', text: 'drift: age has moved within 1d' },
  ],
};
const textOf = (renewal: RenewalReport | null): string =>
  renewalSection(renewal)
    .toString()
    .replace(/<svg[^]*?<\/svg>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('renewalSection', () => {
  it('is not there where nothing has happened', () => {
    expect(renewalSection(null).toString()).toBe('');
  });

  it('shows the state of the version, what it waits for, each guard against its bound, and the timeline', () => {
    const text = textOf(CANARY);
    expect(text).toContain('Version 4 answers 5.0 % of the requests. Since 1 Mar 2026, 14:00 UTC.');
    expect(text).toContain(
      'Waits for the next look of a worker (skewless worker); the last one says: inconclusive: no traffic.',
    );
    expect(text).toContain('Does it fail more often? failures no worse 3 of 400 requests failed 12 10 100');
    expect(text).toContain('Are its scores distributed otherwise? scores worse 900 beyond count 100');
    expect(text).toContain('loss inconclusive no labels yet 0 – margin 0.02');
    expect(text).toContain('Timeline: 2 entries, the newest first 1 Mar 2026, 14:00 UTC version 4: canary at 5 %');
    expect(text).toContain('trigger drift: age has moved within 1d');
    expect(text).toContain('asked &lt;by&gt; ops');
  });

  it.each([
    [
      { state: 'rolled_back', waits_for: null, reason: 'worse: failures', weight: 0 },
      'Version 4 was rolled back; version 3 answers all.',
    ],
    [{ state: 'gated', waits_for: null, reason: 'refused: accuracy' }, 'The last training started no rollout.'],
    [{ state: 'paused', weight: 0.25 }, 'Version 4 is paused at 25.0 % of the requests.'],
  ])('describes the state %j', (changed, words) => {
    expect(textOf({ ...CANARY, ...changed })).toContain(words);
  });

  it('shows where the two versions answer differently', () => {
    const slices = [
      { column: 'contract', value: 'One <year>', rows: 1_200, disagreements: 300 },
      { column: 'contract', value: 'Two years', rows: 40, disagreements: 0 },
    ];
    const pairs = { guard: 'pairs', n: 0, e_value: 1, bound: 140, verdict: 'inconclusive' as const, slices };
    const text = textOf({ ...CANARY, evidence: [pairs] });
    expect(text).toContain('contract: One &lt;year&gt; 1,200 300 25.0 % contract: Two years 40 0 0.0 %');
    expect(textOf(CANARY)).not.toContain('Answered differently');
  });

  it('shows the progress of evidence to the bound on a logarithmic scale', () => {
    const way = (e_value: number | null, n = 5): number => wayTo({ e_value, bound: 100, n });
    expect([way(10), way(100), way(1e9), way(null), way(0.01), way(null, 0)]).toEqual([0.5, 1, 1, 1, 0, 0]);
  });
});
