import { styleText } from 'node:util';
import type { CheckResult, ValidationReport } from '../validation-report.js';
import { boundText, observedText, outcomeOf, settingOf } from './check-text.js';

const COLORS = { ok: 'green', error: 'red', warning: 'yellow' } as const;

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function verdict({ data, passed, errors, warnings }: ValidationReport): string {
  const rows = data.rows.toLocaleString('en-US');
  const found = `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
  return `${data.path}: ${rows} rows, ${found}: ${passed ? 'passed' : 'not passed'}.`;
}

/** A failed check with its bound, in one line. */
export function failureLine(result: CheckResult): string {
  const { severity, check, column, message } = result;
  return `${severity}: ${check}${column === null ? '' : ` of ${column}`}: ${message}; allowed: ${boundText(result)} (${settingOf(result)})`;
}

/** One line for each failed check, for logs. */
export function plainText(report: ValidationReport): string {
  return [...report.checks.filter(({ passed }) => !passed).map(failureLine), verdict(report)].join('\n');
}

/** All checks as a table, then the failures, for a terminal. */
export function tableText(report: ValidationReport): string {
  const head = ['Check', 'Column', 'Outcome', 'Observed', 'Allowed'];
  const cells = report.checks.map((one) => [
    one.check,
    one.column ?? '',
    outcomeOf(one),
    observedText(one),
    boundText(one),
  ]);
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((line) => line[i].length)));
  const padded = (line: readonly string[]): string[] =>
    line.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
  const lines = report.checks.map((one, i) => {
    const line = padded(cells[i]);
    return line.with(2, styleText(COLORS[outcomeOf(one)], line[2])).join('  ');
  });
  return [styleText('bold', padded(head).join('  ')), ...lines, '', plainText(report)].join('\n');
}
