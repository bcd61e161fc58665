import { readFileSync } from 'node:fs';
import { markdownTable } from '../markdown-table.mjs';

const HEAD = [
  'learner, rows',
  'label noise',
  'threads',
  'fit s',
  'CPU s',
  'times faster',
  'peak MB',
  'share',
  'accuracy',
  'log loss',
];

/** The results of a file as one line of cells each, Skewless beside its peer. */
export function markdownRows(file) {
  return JSON.parse(readFileSync(file, 'utf8')).flatMap(({ learner, rows, noise, results }) =>
    results
      .filter(({ name }) => name === 'skewless')
      .map((own) => {
        const peer = results.find(({ name, threads }) => name !== 'skewless' && threads === own.threads);
        const both = (figure, digits) =>
          [own, peer].map((result) => result?.[figure].toFixed(digits) ?? '-').join(' / ');
        return [
          `${learner}, ${rows.toLocaleString('en-US')}`,
          `${noise * 100} %`,
          String(own.threads),
          both('fitSeconds', 2),
          both('cpuSeconds', 2),
          own.fitRatio?.toFixed(2) ?? '-',
          both('peakMegabytes', 0),
          own.memoryShare?.toFixed(2) ?? '-',
          both('accuracy', 5),
          both('logLoss', 5),
        ];
      }),
  );
}

/** The table of docs/training.md. */
export const trainingTable = (file) => markdownTable([HEAD, ...markdownRows(file)]);
