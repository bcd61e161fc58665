import { roundProbability } from '#runtime';
import type { ScoredFile } from './predict-file.js';

const NEEDS_QUOTES = /[",\r\n]/;

function cellOf(value: number | string): string {
  const text = String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Scored rows as CSV: `prediction`, and for classes the `probability`, rounded as by a server. */
export function scoredText({ predictions }: Pick<ScoredFile, 'predictions'>): string {
  const { labels, classIndices, probabilities, values } = predictions;
  if (values) return `prediction\n${Array.from(values, (value) => `${value}\n`).join('')}`;
  const cells = labels.map(cellOf);
  const lines = Array.from(classIndices, (index, row) => `${cells[index]},${roundProbability(probabilities[row])}\n`);
  return `prediction,probability\n${lines.join('')}`;
}
