import { html, type Html } from '#report';
import type { ClassifierReport } from '../evaluation-report.js';
import { numberText } from './number-text.js';
import { table } from './tables.js';

const count = (rows: number): string => rows.toLocaleString('en');

/** The scores of each class, and next to the champion's on the rows on which both are compared. */
export function classSection({ evaluation, comparison }: ClassifierReport): Html {
  const own = evaluation.per_class.map((one) => [
    one.class,
    numberText(one.precision),
    numberText(one.recall),
    numberText(one.f1),
    count(one.support),
    count(one.predicted),
  ]);
  const beside = comparison?.per_class.map(({ class: label, candidate, champion }) => [
    label,
    count(candidate.support),
    ...(['precision', 'recall', 'f1'] as const).flatMap((metric) => [
      numberText(candidate[metric]),
      numberText(champion[metric]),
    ]),
  ]);
  const head = ['Class', 'Rows', 'Precision', 'champion', 'Recall', 'champion', 'F1', 'champion'];
  return html`<section>
    <h2>Classes</h2>
    ${table(['Class', 'Precision', 'Recall', 'F1', 'Rows of the class', 'Rows predicted as it'], own)}
    ${beside ? table(head, beside, { caption: 'Beside the champion, on the rows on which both are compared.' }) : ''}
  </section>`;
}

/** With two classes: the scores at other thresholds. */
export function thresholdSection({ evaluation }: ClassifierReport): Html {
  const { thresholds, threshold, classes } = evaluation;
  if (!thresholds) return html``;
  const rows = thresholds.map((one) => [
    one.threshold.toFixed(2),
    // Of no row, no share is right.
    one.predicted === 0 ? '–' : numberText(one.precision),
    numberText(one.recall),
    numberText(one.f1),
    numberText(one.accuracy),
    count(one.predicted),
  ]);
  const inForce = threshold === undefined ? '0.50, as the more probable class is predicted' : String(threshold);
  return html`<section>
    <h2>Thresholds</h2>
    ${table(['Threshold', 'Precision', 'Recall', 'F1', 'Accuracy', `Rows predicted as ${classes[1]}`], rows, {
      caption: `Class ${classes[1]} is predicted where its probability is at least the threshold. That of this model is ${inForce}.`,
    })}
  </section>`;
}
