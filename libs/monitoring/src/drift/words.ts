import type { ColumnPlan } from '../cells/column-plan.js';
import { FIRST_BIN, type Split } from '../cells/split.js';

export const numberText = (value: number): string => String(Number(value.toPrecision(6)));

/** Describes the rows that a split is named after, as the subject of a sentence. */
export function splitWords({ bins }: ColumnPlan, { kind, from, to }: Split): string {
  if (kind === 'missing') return 'missing';
  const [first, end] = [Math.max(0, from - FIRST_BIN), to - FIRST_BIN];
  if (bins.kind === 'numbers') {
    const { minimum, uppers } = bins;
    const last = Math.min(end, uppers.length);
    const low = first === 0 ? minimum : uppers[first - 1];
    if (kind === 'outside')
      return `values below ${numberText(minimum)} or above ${numberText(uppers[uppers.length - 1])}`;
    if (kind === 'above') return `values above ${numberText(uppers[first - 1])}`;
    if (kind === 'between') return `values above ${numberText(low)} up to ${numberText(uppers[last - 1])}`;
    const isValue = first === 0 ? minimum === uppers[0] : false;
    if (first === 0) return isValue ? `values of ${numberText(minimum)}` : `values up to ${numberText(uppers[0])}`;
    return `values above ${numberText(low)} up to ${numberText(uppers[last - 1])}`;
  }
  const { values } = bins;
  if (kind === 'outside') return 'values never seen in training';
  if (kind === 'above')
    return first === 1 ? `values other than ${values[0]}` : `values other than the ${first} most frequent`;
  const named = values.slice(first, Math.min(end, values.length));
  return named.length === 1
    ? `rows of ${named[0]}`
    : `rows of ${named.slice(0, 3).join(', ')}${named.length > 3 ? ', ...' : ''}`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** "values above 61.2 rose from 50.0 % to 63.4 % [60.1, 66.6]". */
export function changeWords(subject: string, baseline: number, now: number, low: number, high: number): string {
  const verb = now >= baseline ? 'rose' : 'fell';
  const interval = `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
  return `${subject} ${verb} from ${percent(baseline)} to ${percent(now)} ${interval}`;
}
