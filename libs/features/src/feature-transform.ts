import { bindSteps, type BoundStep, type Substitutes } from './bind-steps.js';
import { checkPipeline } from './check-pipeline.js';
import type { FeatureDtype, FittedPipeline } from './pipeline.js';
import type { RawSchema } from '#schema';

/** A feature that is not finite in the model's datatype, and the raw value that caused it. */
export interface FeatureFault {
  /** Index of the row within the call. */
  readonly row: number;
  readonly feature: string;
  /** The raw column of largest magnitude among those that the feature is computed from. */
  readonly column: string;
  readonly value: number;
}

/** Where the features of some rows are written: feature `f` of row `i` at `f * featureStride + i * rowStride`. */
export interface FeatureBlock {
  readonly data: Float32Array | Float64Array;
  readonly rowStride: number;
  readonly featureStride: number;
}

/** A row-major block. */
export const rowMajor = (data: FeatureBlock['data'], width: number): FeatureBlock => ({
  data,
  rowStride: width,
  featureStride: 1,
});

/** The most rows of one call: 17 columns of float64 then fit the second-level cache. */
export const CHUNK_ROWS = 1_024;

/**
 * A fitted pipeline bound to its own scratch columns, so that computing features allocates nothing.
 * Not re-entrant, which is no limitation as every call is synchronous.
 */
export class FeatureTransform {
  readonly inputs: RawSchema;
  readonly outputs: readonly string[];
  /** The datatype of the model's input. */
  readonly dtype: FeatureDtype;
  private readonly inputColumns: readonly Float64Array[];
  private readonly outputColumns: readonly Float64Array[];
  private readonly steps: readonly BoundStep[];
  /** Whether a missing feature is allowed. */
  readonly acceptsMissing: boolean;
  /** For each output, the indices of the raw columns that it is computed from. */
  private readonly sources: readonly (readonly number[])[];

  /**
   * @param substitutes whole columns that replace the outputs of steps; then only their rows can be computed
   * @throws PipelineError when the pipeline contradicts itself
   */
  constructor(pipeline: FittedPipeline, substitutes: Substitutes = () => undefined) {
    const { lineage, contents } = checkPipeline(pipeline);
    const columns = new Map([...lineage.keys()].map((name) => [name, new Float64Array(CHUNK_ROWS)]));
    const column = (name: string): Float64Array => columns.get(name)!;
    this.inputs = pipeline.inputs;
    this.outputs = pipeline.outputs;
    this.dtype = pipeline.feature_dtype ?? 'float32';
    this.acceptsMissing = pipeline.accepts_missing ?? false;
    this.inputColumns = pipeline.inputs.map(({ name }) => column(name));
    this.outputColumns = pipeline.outputs.map(column);
    const steps = pipeline.steps.map((step, i) => ({ step, contentOf: contents[i] }));
    this.steps = bindSteps(steps, column, substitutes);
    this.sources = pipeline.outputs.map((output) => [...lineage.get(output)!]);
  }

  /**
   * Computes features in float64.
   *
   * @param raw one float64 column per raw input, in schema order
   * @param start first row to take from `raw`
   * @param rows how many, at most {@link CHUNK_ROWS}
   * @returns one column per output; the first `rows` values hold until the next call
   */
  compute(raw: readonly Float64Array[], start: number, rows: number): readonly Float64Array[] {
    for (let c = 0; c < this.inputColumns.length; c++) {
      const from = raw[c];
      const to = this.inputColumns[c];
      for (let i = 0; i < rows; i++) to[i] = from[start + i];
    }
    for (const step of this.steps) step(rows, start);
    return this.outputColumns;
  }

  /**
   * Computes features and casts them to the block's datatype. NaN is a missing feature where the pipeline accepts
   * missing values.
   *
   * @param block receives `rows` x `outputs.length` values
   * @returns the features that the model cannot take, one fault per row and raw column; empty when all are valid
   */
  transform(raw: readonly Float64Array[], start: number, rows: number, block: FeatureBlock): FeatureFault[] {
    const columns = this.compute(raw, start, rows);
    const { data, rowStride, featureStride } = block;
    let finite = 0;
    for (let f = 0; f < columns.length; f++) {
      const column = columns[f];
      for (let i = 0, at = f * featureStride; i < rows; i++, at += rowStride) {
        data[at] = column[i];
        finite += data[at] * 0;
      }
    }
    if (finite === 0 || (this.acceptsMissing && !this.hasInfinite(rows, block))) return [];
    return this.faults(raw, start, rows, block);
  }

  /** Where NaN is allowed, it alone must not start the slow search for faults. */
  private hasInfinite(rows: number, { data, rowStride, featureStride }: FeatureBlock): boolean {
    for (let f = 0; f < this.outputs.length; f++) {
      for (let i = 0, at = f * featureStride; i < rows; i++, at += rowStride) {
        if (data[at] === Infinity || data[at] === -Infinity) return true;
      }
    }
    return false;
  }

  private faults(raw: readonly Float64Array[], start: number, rows: number, block: FeatureBlock): FeatureFault[] {
    const { data, rowStride, featureStride } = block;
    const faults: FeatureFault[] = [];
    for (let row = 0; row < rows; row++) {
      const blamed = new Set<number>();
      for (let f = 0; f < this.outputs.length; f++) {
        const value = data[f * featureStride + row * rowStride];
        if (Number.isFinite(value) || (this.acceptsMissing && Number.isNaN(value))) continue;
        const magnitude = (c: number): number => {
          const value = raw[c][start + row];
          return Number.isNaN(value) ? Infinity : Math.abs(value);
        };
        const source = this.sources[f].reduce((most, c) => (magnitude(c) > magnitude(most) ? c : most));
        if (blamed.has(source)) continue;
        blamed.add(source);
        faults.push({
          row,
          feature: this.outputs[f],
          column: this.inputs[source].name,
          value: raw[source][start + row],
        });
      }
    }
    return faults;
  }
}
