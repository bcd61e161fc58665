import { PipelineError } from './pipeline.error.js';
import type { FittedPipeline } from './pipeline.js';
import { definitionOf } from './steps/index.js';

/** For every column of a pipeline, the indices of the raw columns that it is computed from. */
export type Lineage = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * Follows the columns through the steps.
 *
 * @throws PipelineError on an unknown or doubled column, a flawed step, or a nullable column that nothing fills
 */
export function checkPipeline({ inputs, steps, outputs, unused = [] }: FittedPipeline): Lineage {
  const lineage = new Map<string, ReadonlySet<number>>();
  const refuse = (message: string): never => {
    throw new PipelineError(message);
  };
  const sourcesOf = (name: string, where: string): ReadonlySet<number> =>
    lineage.get(name) ?? refuse(`${where} names the column "${name}"; known here: ${[...lineage.keys()].join(', ')}`);

  inputs.forEach(({ name }, i) => {
    if (lineage.has(name)) refuse(`inputs[${i}] repeats the column "${name}"; names must be unique`);
    if (unused.includes(name)) refuse(`unused names the column "${name}", which is an input; it is one or the other`);
    lineage.set(name, new Set([i]));
  });

  const unfilled = new Set(inputs.filter(({ nullable }) => nullable).map(({ name }) => name));
  steps.forEach((step, i) => {
    const where = `steps[${i}] (${step.kind})`;
    const definition = definitionOf(step.kind);
    const reads = definition.reads(step);
    const writes = definition.writes(step);
    const sources = new Set(reads.flatMap((name) => [...sourcesOf(name, where)]));
    if (step.kind === 'impute') unfilled.delete(step.column);
    const gap = reads.find((name) => unfilled.has(name));
    if (gap) refuse(`${where} reads the nullable column "${gap}" before it is filled; put an impute step for it first`);
    for (const name of writes) {
      if (!reads.includes(name) && lineage.has(name)) {
        refuse(`${where} writes "${name}", which exists already; choose another output`);
      }
      const isElementwise = reads.length === writes.length && reads.includes(name);
      if (!isElementwise) lineage.set(name, sources);
    }
    const flaw = definition.flaw?.(step);
    if (flaw) refuse(`${where}: ${flaw}`);
  });

  for (const name of unfilled) {
    refuse(`the nullable column "${name}" is never filled; add an impute step for it or make it not nullable`);
  }
  outputs.forEach((name, i) => {
    sourcesOf(name, `outputs[${i}]`);
    if (outputs.indexOf(name) !== i) refuse(`outputs[${i}] repeats "${name}"; each feature enters the model once`);
  });
  return lineage;
}
