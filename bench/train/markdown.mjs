import { readFileSync } from 'node:fs';

const count = (rows) => rows.toLocaleString('en-US');

/** The results of a file as one line each, Skewless beside its peer. */
export function markdownRows(file) {
  return JSON.parse(readFileSync(file, 'utf8')).flatMap(({ learner, rows, noise, results }) =>
    results
      .filter(({ name }) => name === 'skewless')
      .map((own) => {
        const peer = results.find(({ name, threads }) => name !== 'skewless' && threads === own.threads);
        const both = (figure, digits) => `${own[figure].toFixed(digits)} / ${peer[figure].toFixed(digits)}`;
        return [
          `${learner}, ${count(rows)}`,
          `${noise * 100} %`,
          String(own.threads),
          both('fitSeconds', 2),
          both('cpuSeconds', 2),
          own.fitRatio.toFixed(2),
          both('peakMegabytes', 0),
          own.memoryShare.toFixed(2),
          both('accuracy', 5),
          both('logLoss', 5),
        ];
      }),
  );
}

if (import.meta.filename === process.argv[1]) {
  for (const cells of markdownRows(process.argv[2])) console.log(`| ${cells.join(' | ')} |`);
}
