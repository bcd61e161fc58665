import { bindSteps, type StepInPlace, type Substitutes } from './bind-steps.js';
import { CHUNK_ROWS } from './feature-transform.js';
import type { RawSchema } from '#schema';
import { definitionOf } from './steps/index.js';

/** The steps that a column depends on, in order, and all columns that they read and write. */
function sourcesOf(
  name: string,
  steps: readonly StepInPlace[],
): { steps: readonly StepInPlace[]; names: ReadonlySet<string> } {
  const names = new Set([name]);
  const needed: StepInPlace[] = [];
  for (const one of steps.toReversed()) {
    const { step } = one;
    const definition = definitionOf(step.kind);
    if (!definition.writes(step).some((written) => names.has(written))) continue;
    for (const read of [...definition.reads(step), ...definition.writes(step)]) names.add(read);
    needed.unshift(one);
  }
  return { steps: needed, names };
}

/**
 * Computes one column, all rows of it, as it is after some steps. It works in chunks as serving does, so that fitting
 * holds a single computed column in memory at a time.
 *
 * @param columns the raw inputs, in schema order
 * @param substitutes columns that replace the outputs of steps that were fitted on these very rows
 * @returns read-only: a column that no step writes is the raw one
 */
export function columnAfter(
  steps: readonly StepInPlace[],
  name: string,
  inputs: RawSchema,
  columns: readonly Float64Array[],
  substitutes: Substitutes,
): Float64Array {
  const needed = sourcesOf(name, steps);
  const raw = inputs.flatMap((input, c) =>
    needed.names.has(input.name) ? [{ name: input.name, from: columns[c] }] : [],
  );
  if (needed.steps.length === 0) return raw[0].from;
  const chunk = new Map([...needed.names].map((column) => [column, new Float64Array(CHUNK_ROWS)]));
  const run = bindSteps(needed.steps, (column) => chunk.get(column)!, substitutes);
  const result = new Float64Array(columns[0].length);
  for (let start = 0; start < result.length; start += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, result.length - start);
    for (const { name: column, from } of raw) chunk.get(column)!.set(from.subarray(start, start + rows));
    for (const step of run) step(rows, start);
    result.set(chunk.get(name)!.subarray(0, rows), start);
  }
  return result;
}
