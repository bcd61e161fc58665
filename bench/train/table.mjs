const COLUMNS = [
  ['', ({ name, threads }) => `${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`],
  ['fit s', ({ fitSeconds }) => fitSeconds.toFixed(2)],
  ['CPU s', ({ cpuSeconds }) => cpuSeconds.toFixed(2)],
  ['peak MB', ({ peakMegabytes }) => peakMegabytes.toFixed(0)],
  ['accuracy', ({ accuracy }) => accuracy.toFixed(5)],
  ['log loss', ({ logLoss }) => logLoss.toFixed(5)],
  ['times faster', ({ fitRatio }) => fitRatio?.toFixed(2) ?? ''],
  ['times less CPU', ({ cpuRatio }) => cpuRatio?.toFixed(2) ?? ''],
  ['share of its memory', ({ memoryShare }) => memoryShare?.toFixed(2) ?? ''],
];

/** The results of one size as text. */
export function resultTable(results) {
  const lines = [COLUMNS.map(([title]) => title), ...results.map((result) => COLUMNS.map(([, cell]) => cell(result)))];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  return lines.map((line) => `  ${line.map(pad).join('  ')}\n`).join('');
}
