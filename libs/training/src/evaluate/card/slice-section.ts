import { html, type Html } from '#report';
import type { EvaluationReport } from '../evaluation-report.js';
import { significant } from '../incomparable.js';
import type { SliceName } from '../slice-rows.js';
import { intervalText, numberText } from './number-text.js';
import { table } from './tables.js';

const nameOf = ({ column, value, others }: SliceName): string =>
  `${column}: ${others === undefined ? (value ?? 'no value') : `${others} others`}`;

/** The model's scores by category; empty where the table has none. */
export function sliceSection(report: EvaluationReport): Html {
  const { slices } = report;
  if (slices.length === 0) return html``;
  const isBinary = report.task !== 'regression' && report.evaluation.classes.length === 2;
  const positive = report.task === 'regression' ? '' : report.evaluation.classes[1];
  const rows =
    report.task === 'regression'
      ? report.slices.map((one) => [
          nameOf(one),
          one.rows.toLocaleString('en'),
          significant(one.rmse),
          significant(one.bias),
        ])
      : report.slices.map((one) => [
          nameOf(one),
          one.rows.toLocaleString('en'),
          numberText(one.accuracy),
          intervalText(one.interval),
          numberText(one.log_loss),
          ...(isBinary ? [numberText(one.said!), numberText(one.observed!)] : []),
        ]);
  const head =
    report.task === 'regression'
      ? ['Slice', 'Rows', 'RMSE', 'Bias']
      : [
          'Slice',
          'Rows',
          'Accuracy',
          '95 % interval',
          'Log loss',
          ...(isBinary ? [`Mean probability of ${positive}`, `Share of ${positive}`] : []),
        ];
  return html`<section>
    <h2>Slices</h2>
    ${table(head, rows, {
      caption:
        'Test rows by category, also of columns that the model does not use. Where there are many slices, some differ by chance.',
    })}
  </section>`;
}
