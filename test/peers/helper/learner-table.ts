import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { FAMILY_NAMES, LEARNERS, type Losses, median } from '../../helper/learners/contest.js';

const PAGE = 'docs/learners.md';
const HEAD = ['learner', 'tables', 'seeds', 'ours', 'peer', 'ratio', 'worst'];
const BETWEEN_MARKERS = /(?<=<!-- table -->\n)[^]*(?=<!-- end of table -->)/;

/** A line of the table: medians over seeds of both losses and of their ratio, and the largest ratio. */
export function lineOf(learner: string, family: string, { own, peer }: Losses): string[] {
  const ratios = own.map((loss, i) => loss / peer[i]);
  const losses = [median(own), median(peer)].map((loss) => loss.toFixed(4));
  const both = [median(ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(3));
  return [learner, family, String(own.length), ...losses, ...both];
}

export const asTable = (lines: readonly string[][]): string =>
  [HEAD, HEAD.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

/** Puts a line into the page's table; those of other learners and families stay as they are. */
export function keepLine(line: readonly string[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const lines = [...page.match(BETWEEN_MARKERS)![0].matchAll(/^\| (.*) \|$/gm)].map(([, cells]) =>
    cells.split('|').map((cell) => cell.trim()),
  );
  const sorted = LEARNERS.flatMap((learner) =>
    FAMILY_NAMES.flatMap((family) =>
      [line, ...lines].filter(([name, tables]) => name === learner && tables === family).slice(0, 1),
    ),
  );
  const table = asTable(sorted.map((cells) => [...cells]));
  writeFileSync(PAGE, page.replace(BETWEEN_MARKERS, `\n${table}\n`));
  execFileSync(process.execPath, ['tools/maintain/run.mjs', 'prettier', '--log-level', 'warn', '--write', PAGE]);
}
