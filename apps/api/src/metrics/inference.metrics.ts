import { Counter, Gauge, type Registry } from 'prom-client';
import type { InferenceObserver, ModelIdentity } from '#runtime';
import { RUN_ROWS, STAGE_SECONDS } from './buckets.js';
import { showing } from './gauge.js';
import { LeanHistogram, type Tally } from './lean-histogram.js';

/** Counts and times the work of models. */
export class InferenceMetrics implements InferenceObserver {
  private readonly validate: Tally;
  private readonly features: Tally;
  private readonly inference: Tally;
  private readonly runRows: Tally;
  private readonly rows = new Map<string, number>();
  private readonly loads: Counter;
  private readonly unknownValues: Counter;
  private pendingRows = 0;

  constructor(registry: Registry) {
    const stages = new LeanHistogram(
      registry,
      'skewless_inference_duration_seconds',
      'Time of one stage: validate (one body), features and inference (one run of the model)',
      STAGE_SECONDS,
    );
    this.validate = stages.tally({ stage: 'validate' });
    this.features = stages.tally({ stage: 'features' });
    this.inference = stages.tally({ stage: 'inference' });
    const rows = new LeanHistogram(registry, 'skewless_batch_size_rows', 'Rows of one run of a model', RUN_ROWS);
    this.runRows = rows.tally();
    const counted = this.rows;
    new Counter({
      name: 'skewless_inference_rows_total',
      help: 'Rows that a model has computed',
      labelNames: ['model'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [model, count] of counted) this.inc({ model }, count);
      },
    });
    new Gauge({
      name: 'skewless_pending_rows',
      help: 'Rows in progress; the limit is inference.maxPendingRows',
      registers: [registry],
      collect: showing(() => this.pendingRows),
    });
    this.loads = new Counter({
      name: 'skewless_model_loads_total',
      help: 'Attempts to load a model, by outcome: success or failure',
      labelNames: ['name', 'outcome'],
      registers: [registry],
    });
    this.unknownValues = new Counter({
      name: 'skewless_unknown_values_total',
      help: 'Values outside the vocabulary of their column, in requested rows',
      labelNames: ['model', 'column'],
      registers: [registry],
    });
  }

  validated(milliseconds: number): void {
    this.validate.observe(milliseconds / 1_000);
  }

  ran({ name }: ModelIdentity, rows: number, featuresMilliseconds: number, inferenceMilliseconds: number): void {
    this.features.observe(featuresMilliseconds / 1_000);
    this.inference.observe(inferenceMilliseconds / 1_000);
    this.runRows.observe(rows);
    this.rows.set(name, (this.rows.get(name) ?? 0) + rows);
  }

  pending(rows: number): void {
    this.pendingRows += rows;
  }

  loaded(name: string, outcome: 'success' | 'failure'): void {
    this.loads.inc({ name, outcome });
  }

  unknown({ name: model }: ModelIdentity, column: string, values: number): void {
    this.unknownValues.inc({ model, column }, values);
  }
}
