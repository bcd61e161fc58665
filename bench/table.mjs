const whole = (number) => Math.round(number).toLocaleString('en-US');

/** One scenario as text. */
export function scenarioTable({ scenario, rows, contestants }) {
  const unit = rows === 1 ? 'req/s' : 'rows/s';
  const baselines = Object.keys(contestants[0].ratios);
  const header = ['', unit, 'min - max', 'p50 ms', 'p99 ms', 'CPU us/req'];
  const ratioHeader = baselines.flatMap((name) => [`${unit} / ${name}`, `CPU / ${name}`]);
  const lines = contestants.map((row) => [
    row.contestant,
    whole(row.throughput),
    `${whole(row.throughputMin)} - ${whole(row.throughputMax)}`,
    row.p50Ms.toFixed(2),
    row.p99Ms.toFixed(2),
    whole(row.cpuMicroseconds),
    ...baselines.flatMap((name) => [row.ratios[name].throughput.toFixed(2), row.ratios[name].cpu.toFixed(2)]),
  ]);
  return `${scenario}\n${align([[...header, ...ratioHeader], ...lines])}\n`;
}

function align(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  return lines.map((line) => `  ${line.map(pad).join('  ')}`).join('\n');
}
