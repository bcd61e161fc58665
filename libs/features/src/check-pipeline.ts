import { type Content, contentInWords, contentOf, type ContentLookup } from './content.js';
import { PipelineError } from './pipeline.error.js';
import type { FittedPipeline } from './pipeline.js';
import { definitionOf, type FittedStep, type StepSpec } from './steps/index.js';

/** For every column of a pipeline, the indices of the raw columns that it is computed from. */
export type Lineage = ReadonlyMap<string, ReadonlySet<number>>;

/** The result of checking a pipeline. */
export interface CheckedPipeline {
  readonly lineage: Lineage;
  /** For each step, the content of the columns that it reads. */
  readonly contents: readonly ContentLookup[];
}

type Head = Pick<FittedPipeline, 'inputs' | 'unused' | 'accepts_missing'>;

const refuse = (message: string): never => {
  throw new PipelineError(message);
};

/** Tracks the columns through the steps. */
export class KnownColumns {
  /** For every column the indices of the raw columns that it is computed from. */
  readonly lineage = new Map<string, ReadonlySet<number>>();
  /** For each step added, the content of the columns that it reads. */
  readonly contents: ContentLookup[] = [];
  private readonly content = new Map<string, Content>();
  /** Columns that may have missing values. */
  private readonly gaps: Set<string>;
  private readonly read = new Set<string>();

  /** @throws PipelineError on a duplicate column */
  constructor(private readonly head: Head) {
    const { inputs, unused = [] } = head;
    inputs.forEach((column, i) => {
      const { name } = column;
      if (this.lineage.has(name)) refuse(`inputs[${i}] repeats the column "${name}"; names must be unique`);
      if (unused.includes(name))
        refuse(`unused names the column "${name}", which is an input; remove it from one of them`);
      this.lineage.set(name, new Set([i]));
      this.content.set(name, contentOf(column));
    });
    const hasGaps = (column: Head['inputs'][number]): boolean =>
      column.nullable || ('unknown' in column && column.unknown === 'missing');
    this.gaps = new Set(inputs.filter(hasGaps).map(({ name }) => name));
  }

  readonly contentOf = (name: string): Content => this.content.get(name)!;

  /** @throws PipelineError where a step cannot read its columns */
  checkReads(step: StepSpec, where: string): void {
    const definition = definitionOf(step.kind);
    for (const name of definition.reads(step)) {
      this.sourcesOf(name, where);
      const content = this.contentOf(name);
      const numbersOnly =
        content === 'numbers' ? undefined : `"${name}" holds ${contentInWords(content)}, not numbers; encode it first`;
      const why = definition.objection ? definition.objection(step, content, name) : numbersOnly;
      if (why) refuse(`${where}: ${why}`);
      if (step.kind === 'string_normalize' && this.read.has(name)) {
        refuse(`${where} must come before every other step that reads "${name}"`);
      }
    }
  }

  /** @throws PipelineError on an unknown or duplicate column, or an invalid step */
  add(step: FittedStep, where: string): void {
    const definition = definitionOf(step.kind);
    const reads = definition.reads(step);
    const writes = definition.writes(step);
    this.checkReads(step, where);
    const found = new Map(reads.map((name) => [name, this.contentOf(name)]));
    const contentBefore: ContentLookup = (name) => found.get(name)!;
    const sources = new Set(reads.flatMap((name) => [...this.lineage.get(name)!]));
    const rule = definition.missing?.(step) ?? 'pass';
    const gap = reads.find((name) => this.gaps.has(name));
    if (gap && rule === 'refuse') {
      refuse(`${where} reads the nullable column "${gap}" before it is filled; put an impute step for it first`);
    }
    const after = writes.map((name) => definition.contentAfter?.(step, name, contentBefore) ?? 'numbers');
    writes.forEach((name, i) => {
      if (!reads.includes(name) && this.lineage.has(name)) {
        refuse(`${where} writes "${name}", which exists already; choose another output`);
      }
      const isElementwise = reads.length === writes.length && reads.includes(name);
      if (!isElementwise) this.lineage.set(name, sources);
      this.content.set(name, after[i]);
      const isGap = isElementwise ? this.gaps.has(name) : gap !== undefined;
      if (rule === 'make' || (rule === 'pass' && isGap)) this.gaps.add(name);
      else this.gaps.delete(name);
    });
    for (const name of reads) this.read.add(name);
    const flaw = definition.flaw?.(step, contentBefore);
    if (flaw) refuse(`${where}: ${flaw}`);
    this.contents.push(contentBefore);
  }

  /** @throws PipelineError on outputs that cannot be features */
  checkOutputs(outputs: readonly string[]): void {
    const seen = new Set<string>();
    outputs.forEach((name, i) => {
      this.sourcesOf(name, `outputs[${i}]`);
      if (seen.has(name)) refuse(`outputs[${i}] repeats "${name}"; each feature enters the model once`);
      seen.add(name);
      const content = this.contentOf(name);
      if (content === 'numbers') return;
      const remedy = typeof content === 'string' ? 'date_parts or elapsed' : 'one_hot, ordinal or target_encode';
      refuse(`outputs[${i}]: "${name}" holds ${contentInWords(content)}, not numbers; convert it with ${remedy}`);
    });
    if (this.head.accepts_missing) return;
    const isUnfilled = ({ name }: Head['inputs'][number]): boolean =>
      this.gaps.has(name) && (seen.has(name) || !this.read.has(name));
    const unfilled = this.head.inputs.find(isUnfilled);
    if (unfilled) {
      refuse(
        `the nullable column "${unfilled.name}" is never filled; add an impute step for it or make it not nullable`,
      );
    }
    const gap = outputs.findIndex((name) => this.gaps.has(name));
    if (gap >= 0) refuse(`outputs[${gap}]: "${outputs[gap]}" may have no value; add an impute step for it`);
  }

  private sourcesOf(name: string, where: string): ReadonlySet<number> {
    const known = [...this.lineage.keys()];
    return this.lineage.get(name) ?? refuse(`${where} names the column "${name}"; known here: ${known.join(', ')}`);
  }
}

/**
 * Checks a pipeline step by step.
 *
 * @throws PipelineError on an unknown or duplicate column, an invalid step, a step that cannot read its column, or a
 *   feature that is not numeric or may be missing where the model needs a value
 */
export function checkPipeline(pipeline: FittedPipeline): CheckedPipeline {
  const known = new KnownColumns(pipeline);
  pipeline.steps.forEach((step, i) => known.add(step, `steps[${i}] (${step.kind})`));
  known.checkOutputs(pipeline.outputs);
  return known;
}
