import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const sameCell = (a) => (b) => a.learner === b.learner && a.rows === b.rows && a.noise === b.noise;

/** Writes one cell's results, one a line, into a file in which those of other cells stay. */
export function keepResults(file, cell) {
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const cells = [...before.filter((other) => !sameCell(cell)(other)), cell];
  cells.sort((a, b) => a.learner.localeCompare(b.learner) || a.rows - b.rows || a.noise - b.noise);
  const lines = cells.map(
    ({ results, ...about }) =>
      `{${JSON.stringify(about).slice(1, -1)},"results":[\n  ${results.map((result) => JSON.stringify(result)).join(',\n  ')}\n]}`,
  );
  writeFileSync(file, `[\n${lines.join(',\n')}\n]\n`);
}
