import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { type ModelCard, renderModelCard } from './card/render-model-card.js';
import { compareTrivial } from './compare-trivial.js';
import { comparePaired, evaluateClassifier } from '#statistics';
import type { ClassifierReport } from './evaluation-report.js';
import { renderPlots } from './plots/render-plots.js';
import { writeEvaluation } from './write-evaluation.js';

const HOSTILE = `<script>"&'`;
const labels = Uint8Array.of(0, 1, 2, 1, 2, 0);
const probabilities = Float64Array.from([
  0.8, 0.1, 0.1, 0.2, 0.5, 0.3, 0.1, 0.3, 0.6, 0.6, 0.3, 0.1, 0, 0, 1, 0.7, 0.3, 0,
]);
const sample = { labels, classes: ['a', HOSTILE, 'c'], seed: 1, resamples: 20 };
const subject = { model: 'a', pipeline: 'b', champion: '1' };
const report: ClassifierReport = {
  subject,
  evaluation: evaluateClassifier({ ...sample, probabilities }),
  trivial: compareTrivial({ ...sample, probabilities }, [1, 1, 1]),
  tested: { seen: 0, unknown: null },
  comparison: comparePaired({ ...sample, candidate: probabilities, champion: probabilities.map(() => 1 / 3) }),
  importance: [
    { feature: HOSTILE, mean: 0.2, standard_deviation: 0.01 },
    { feature: 'x', mean: -0.01, standard_deviation: 0.02 },
  ],
};
const card: ModelCard = {
  name: `iris ${HOSTILE}`,
  version: HOSTILE,
  purpose: HOSTILE,
  identity: { [HOSTILE]: { depth: [10, HOSTILE] } },
  data: { source: HOSTILE },
  features: [HOSTILE, 'x'],
  champion: HOSTILE,
  limits: [HOSTILE],
};

describe('renderPlots', () => {
  const plots = renderPlots(report);

  it('draws the same again', () => {
    expect(renderPlots(report)).toEqual(plots);
    expect(plots.map(({ name }) => name)).toEqual([
      'confusion-matrix',
      'roc',
      'precision-recall',
      'calibration',
      'importance',
    ]);
  });

  it('draws still pictures that need nothing from elsewhere', () => {
    for (const { svg } of plots) {
      expect(svg).toMatch(/^<svg [^]*<\/svg>$/);
      expect(svg).not.toMatch(/<script|<style|<image|href=|zr\d/);
    }
  });

  it('draws what there is of an evaluation without areas, importance or a second class', () => {
    const one = { ...sample, labels: labels.map(() => 0), probabilities };
    const [, roc] = renderPlots({
      subject,
      evaluation: evaluateClassifier(one),
      trivial: report.trivial,
      comparison: null,
      tested: null,
      importance: [],
    });
    expect(roc.svg).toContain('Not defined: the rows lack a class');
  });
});

describe('renderModelCard', () => {
  const page = renderModelCard(card, report, renderPlots(report));

  it('escapes every text', () => {
    expect(page).not.toContain('<script');
    expect(page.split('&lt;script&gt;').length).toBeGreaterThan(12);
  });

  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/\b(src|href)=|@import|url\((?!#)/);
  });

  it('tells the intervals, the comparison and the limits', () => {
    const text = page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    const { accuracy } = report.evaluation.intervals;
    expect(text).toContain(`95 %: ${accuracy!.low.toFixed(4)} to ${accuracy!.high.toFixed(4)}`);
    expect(text).toContain("McNemar's exact test: p =");
    expect(text).toContain('The numbers hold for rows like those of the test part');
  });

  it('says so where there was no champion', () => {
    const beside = (champion: string | null) => ({
      ...report,
      subject: { ...report.subject, champion },
      comparison: null,
      tested: null,
    });
    expect(renderModelCard({ ...card, champion: null }, beside(null), [])).toContain('There was no champion');
    expect(renderModelCard({ ...card, champion: '7' }, beside('7'), [])).toContain('champion 7 takes other columns');
  });

  it('sets the colors of its plots for light and dark', () => {
    const used = new Set(page.match(/var\(--plot-\w+\)/g));
    expect(used.size).toBeGreaterThan(5);
    for (const variable of used) expect(page.split(`${variable.slice(4, -1)}: #`)).toHaveLength(3);
  });
});

describe('writeEvaluation', () => {
  const folder = join(temporaryFolder(), 'evaluation');

  it('writes flat numbers, the whole report, plots and the card, and nothing else', async () => {
    await writeEvaluation(report, renderPlots(report), '<!doctype html>', folder);
    expect((await readdir(folder)).sort()).toEqual(['evaluation.json', 'metrics.json', 'model-card.html', 'plots']);
    expect(await readdir(join(folder, 'plots'))).toHaveLength(10);
    expect(JSON.parse(await readFile(join(folder, 'evaluation.json'), 'utf8'))).toEqual(report);
    const metrics = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8'));
    expect(Object.values(metrics).every((value) => typeof value === 'number')).toBe(true);
    expect(metrics).toMatchObject({
      accuracy: report.evaluation.metrics.accuracy,
      accuracy_low: report.evaluation.intervals.accuracy!.low,
      champion_log_loss: report.comparison!.log_loss.champion,
      roc_auc_difference: report.comparison!.roc_auc!.difference,
    });
  });

  it('rasters plots at twice their size', async () => {
    const png = await readFile(join(folder, 'plots/roc.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_120, 880]);
  });
});
