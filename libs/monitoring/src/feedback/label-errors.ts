import type { LabelFault } from './read-label.js';
import type { LabelLines } from './read-labels.js';

/** What is wrong with one of several labels. */
export interface PlacedFault extends LabelFault {
  /** Its place among the labels, from 0. */
  readonly index: number;
  /** Its id, as the client gave it. */
  readonly id?: string;
}

/** The same for clients, as errors of inputs read: what is at `path` must be `expected`. */
export interface LabelError {
  /** `labels[2].label`; where labels are lines, `label`; empty for a line that is no label. */
  readonly path: string;
  /** Its last line in the body or the file, from 1, where labels are lines. */
  readonly line?: number;
  readonly id?: string;
  readonly expected: string;
  readonly received: unknown;
}

/** @param linesOf gives the lines of labels that came as lines */
export async function labelErrors(
  faults: readonly PlacedFault[],
  linesOf?: LabelLines['linesOf'],
): Promise<readonly LabelError[]> {
  const lines = faults.length > 0 ? await linesOf?.(faults.at(-1)!.index + 1) : undefined;
  return faults.map(({ index, field, ...fault }) =>
    lines
      ? { path: field, line: lines[index], ...fault }
      : { path: [`labels[${index}]`, field].filter(Boolean).join('.'), ...fault },
  );
}
