import { quantiles, type QuantileMethod } from './quantile.js';
import type { StepDefinition } from './step.js';

/**
 * The bin `[edges[i - 1], edges[i])` of a number; the first and the last bin are unbounded (scikit-learn
 * `KBinsDiscretizer`). Closed on the left, where `bins` is closed on the right.
 */
export interface KBinsSpec {
  readonly kind: 'kbins';
  readonly column: string;
  /** In place if not set; for `onehot`, the prefix of the new columns' names. */
  readonly output?: string;
  /** 5 if not set. */
  readonly n_bins?: number;
  /** Bins of equally many rows (`quantile`, if not set) or of equal width (`uniform`). */
  readonly strategy?: 'quantile' | 'uniform';
  /** `averaged_inverted_cdf` if not set. */
  readonly quantile_method?: QuantileMethod;
  /** A 0/1 column for each bin (`onehot`, if not set), or the bin's number (`ordinal`). */
  readonly encode?: 'onehot' | 'ordinal';
}

export interface KBinsStep extends KBinsSpec {
  /** The inner edges, ascending: one less than there are bins. */
  readonly edges: readonly number[];
  readonly outputs: readonly string[];
}

const BINS = 5;
/** Narrower bins are merged. */
const LEAST_WIDTH = 1e-8;

function outputsOf({ output, column, encode }: KBinsSpec, bins: number): string[] {
  const name = output ?? column;
  return encode === 'ordinal' ? [name] : Array.from({ length: bins }, (_, bin) => `${name}_${bin}.0`);
}

function edgesOf(values: Float64Array, spec: KBinsSpec): number[] {
  const { n_bins: bins = BINS, strategy = 'quantile', quantile_method: method = 'averaged_inverted_cdf' } = spec;
  const [low, high] = quantiles(values, [0, 1]);
  if (low === high) return [];
  // Rounded as numpy.linspace does.
  const evenly = (from: number, to: number): number[] =>
    Array.from({ length: bins + 1 }, (_, i) => (i === bins ? to : i * ((to - from) / bins) + from));
  if (strategy === 'uniform') return evenly(low, high).slice(1, -1);
  const shares = evenly(0, 100).map((percent) => percent / 100);
  const edges = quantiles(values, shares, method);
  return edges.filter((edge, i) => i === 0 || edge - edges[i - 1] > LEAST_WIDTH).slice(1, -1);
}

export const kbins: StepDefinition<KBinsSpec, KBinsStep> = {
  learns: ['edges', 'outputs'],
  reads: (step) => [step.column],
  writes: (step) => step.outputs,
  group: (step) => step.output ?? step.column,
  missing: () => 'refuse',
  flaw(step) {
    const { edges, outputs } = step;
    const due = outputsOf(step, edges.length + 1).length;
    if (outputs.length !== due) return `${edges.length} inner edges make ${due} outputs, not ${outputs.length}`;
    return edges.every((edge, i) => i === 0 || edge > edges[i - 1]) ? undefined : 'edges must ascend';
  },
  draft(step) {
    const edges = Array.from({ length: (step.n_bins ?? BINS) - 1 }, (_, i) => i);
    return { ...step, edges, outputs: outputsOf(step, edges.length + 1) };
  },
  fit(step, column, rows) {
    const edges = edgesOf(column(step.column).subarray(0, rows), step);
    return { ...step, edges, outputs: outputsOf(step, edges.length + 1) };
  },
  bind({ column: name, edges, encode, outputs }, column) {
    const from = column(name);
    const inner = Float64Array.from(edges);
    const to = outputs.map(column);
    /** The number of edges at or below the value. */
    const binOf = (value: number): number => {
      let low = 0;
      let high = inner.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value >= inner[middle]) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    if (encode === 'ordinal') {
      return (rows) => {
        for (let i = 0; i < rows; i++) to[0][i] = binOf(from[i]);
      };
    }
    return (rows) => {
      for (const bin of to) bin.fill(0, 0, rows);
      for (let i = 0; i < rows; i++) to[binOf(from[i])][i] = 1;
    };
  },
};
