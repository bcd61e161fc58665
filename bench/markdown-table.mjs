/** Lines of cells, the head first, as Prettier sets them in Markdown. */
export function markdownTable(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const [head, ...body] = lines.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |\n`);
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`, ...body].join('');
}
