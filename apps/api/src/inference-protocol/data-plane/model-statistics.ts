/** Number of operations, and their total duration. */
export class DurationStatistic {
  count = 0;
  ns = 0;

  add(milliseconds: number): void {
    this.count++;
    this.ns += Math.round(milliseconds * 1e6);
  }
}

/** Maximum number of distinct batch sizes; later ones are counted only in the totals. */
const MAX_BATCH_SIZES = 256;

interface Durations {
  /** Milliseconds spent on checks. */
  readonly input: number;
  /** Milliseconds from the request for the computation to its result, waiting included. */
  readonly infer: number;
}

/** Statistics of one version of a model in this process since its start, by Triton's statistics extension. */
export class ModelStatistics {
  private lastInference = 0;
  private inferences = 0;
  private readonly success = new DurationStatistic();
  private readonly fail = new DurationStatistic();
  private readonly computeInput = new DurationStatistic();
  private readonly computeInfer = new DurationStatistic();
  private readonly batches = new Map<number, { input: DurationStatistic; infer: DurationStatistic }>();

  succeeded(batchSize: number, { input, infer }: Durations): void {
    this.lastInference = Date.now();
    this.inferences += batchSize;
    this.success.add(input + infer);
    this.computeInput.add(input);
    this.computeInfer.add(infer);
    let batch = this.batches.get(batchSize);
    if (!batch) {
      if (this.batches.size === MAX_BATCH_SIZES) return;
      batch = { input: new DurationStatistic(), infer: new DurationStatistic() };
      this.batches.set(batchSize, batch);
    }
    batch.input.add(input);
    batch.infer.add(infer);
  }

  failed(milliseconds: number): void {
    this.lastInference = Date.now();
    this.fail.add(milliseconds);
  }

  /** Triton's `$model_stat`. `compute_infer` includes waiting; outputs need no further work, and nothing is cached. */
  toJSON(): ModelStatisticsDocument {
    const [{ count }, nothing] = [this.success, new DurationStatistic()];
    const untimed = { count, ns: 0 };
    return {
      last_inference: this.lastInference,
      inference_count: this.inferences,
      execution_count: count,
      inference_stats: {
        success: this.success,
        fail: this.fail,
        queue: untimed,
        compute_input: this.computeInput,
        compute_infer: this.computeInfer,
        compute_output: untimed,
        cache_hit: nothing,
        cache_miss: nothing,
      },
      response_stats: {},
      batch_stats: [...this.batches].map(([batch_size, { input, infer }]) => ({
        batch_size,
        compute_input: input,
        compute_infer: infer,
        compute_output: { count: infer.count, ns: 0 },
      })),
      memory_usage: [],
    };
  }
}

type Duration = Readonly<Pick<DurationStatistic, 'count' | 'ns'>>;

export interface ModelStatisticsDocument {
  /** Milliseconds since the epoch; 0 before the first. */
  readonly last_inference: number;
  readonly inference_count: number;
  readonly execution_count: number;
  readonly inference_stats: Readonly<Record<string, Duration>>;
  readonly response_stats: object;
  readonly batch_stats: readonly Readonly<{
    batch_size: number;
    compute_input: Duration;
    compute_infer: Duration;
    compute_output: Duration;
  }>[];
  readonly memory_usage: readonly object[];
}
