import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import type { ModelCard } from './card/model-card.js';
import { renderModelCard } from './card/render-model-card.js';
import { compareTrivial } from './compare-trivial.js';
import {
  comparePaired,
  compareRegressions,
  evaluateClassifier,
  evaluateRegression,
  sliceClassifier,
  sliceRegression,
} from '#statistics';
import { compareMean } from './compare-mean.js';
import type { ClassifierReport, RegressionReport } from './evaluation-report.js';
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
  slices: [
    { column: HOSTILE, value: HOSTILE, ...sliceClassifier({ ...sample, probabilities }, [[0, 1]])[0] },
    { column: 'x', others: 3, ...sliceClassifier({ ...sample, probabilities }, [[2, 3]])[0] },
    { column: 'x', value: null, ...sliceClassifier({ ...sample, probabilities }, [[4]])[0] },
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
  folds: { metric: 'accuracy', scores: [0.8, 0.9], by: 'group' },
  limits: [HOSTILE],
  verdict: { outcome: 'not proven', reasons: [HOSTILE] },
};
const targets = Float64Array.of(1, 2, 3, 4);
const predictions = Float64Array.of(1.5, 2, 2.5, 5);
const once = { seed: 1, resamples: 20 };
const regression: RegressionReport = {
  subject,
  task: 'regression',
  evaluation: evaluateRegression({ targets, predictions, ...once }),
  trivial: compareMean({ targets, predictions, ...once }, 2.5),
  comparison: compareRegressions({ targets, candidate: predictions, champion: predictions.map((x) => x + 1), ...once }),
  tested: { seen: 1, unknown: null },
  importance: [{ feature: HOSTILE, mean: 0.7, standard_deviation: 0.1 }],
  slices: [{ column: HOSTILE, value: true, ...sliceRegression({ targets, predictions }, [[0, 3]])[0] }],
};
const textOf = (page: string): string => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

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
      slices: [],
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
    const text = textOf(page);
    const { accuracy } = report.evaluation.intervals;
    expect(text).toContain(`95 %: ${accuracy!.low.toFixed(4)} to ${accuracy!.high.toFixed(4)}`);
    expect(text).toContain("McNemar's exact test: p =");
    expect(text).toContain('The numbers hold for rows like those of the test part');
  });

  it('tells what the gate said, and of folds, slices and classes beside the champion', () => {
    const text = textOf(page);
    expect(text).toContain('Gate It did not pass the gate, as this is not proven: &lt;script&gt;');
    expect(text).toContain('No two folds share a group. Accuracy Fold 1 0.8000 Fold 2 0.9000 Mean 0.8500');
    expect(text).toContain('Slice Rows Accuracy 95 % interval Log loss');
    expect(text).toMatch(/x: 3 others 2 0\.5000 .* x: no value 1 1\.0000/);
    expect(text).toMatch(
      /on the rows on which both are compared\. .* a 2 0\.6667 0\.3333 1\.0000 1\.0000 0\.8000 0\.5000/,
    );
    expect(text).not.toContain('Thresholds');
  });

  it('has a table of thresholds where there are two classes', () => {
    const two = {
      labels: Uint8Array.of(0, 1),
      probabilities: Float64Array.of(0.8, 0.2, 0.4, 0.6),
      classes: ['no', 'yes'],
    };
    const evaluation = evaluateClassifier({ ...two, threshold: 0.3, ...once });
    const text = textOf(renderModelCard(card, { ...report, evaluation, comparison: null, slices: [] }, []));
    expect(text).toContain(
      'Class yes is predicted where its probability is at least the threshold. That of this model is 0.3.',
    );
    expect(text).toContain(' 0.60 1.0000 1.0000 1.0000 1.0000 1 0.65 – 0.0000');
  });

  it('tells of a regression how large its errors are, where, and what brings them about', () => {
    const plots = renderPlots(regression);
    expect(plots.map(({ name }) => name)).toEqual(['residuals', 'calibration', 'importance']);
    const text = textOf(renderModelCard({ ...card, folds: { ...card.folds, metric: 'rmse' } }, regression, plots));
    expect(text).not.toContain('<script');
    expect(text).toContain('RMSE 0.61237 1.3693 -0.95837 to');
    expect(text).toContain('2 2 0 1');
    expect(text).toContain('Slice Rows RMSE Bias');
    expect(text).toContain(': true 2 0.79057 0.75');
    expect(text).toContain('How much the RMSE rises when the values of a feature are shuffled.');
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
