import type { Aggregator, Metric, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** The observations of one set of labels. */
export class Tally {
  /** Observations per bucket, not cumulative; the last bucket holds those above every bound. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]) bucket++;
    this.counts[bucket]++;
    this.sum += value;
  }
}

/**
 * A Prometheus histogram for hot paths, exported by prom-client's registry. prom-client's own histogram hashes its
 * labels and allocates for every observation, which costs ten times as much; here a {@link Tally} is looked up once and
 * kept.
 */
export class LeanHistogram {
  readonly type = 'histogram';
  readonly aggregator: Aggregator = 'sum';
  private readonly tallies: { readonly labels: Labels; readonly tally: Tally }[] = [];

  /** @param bounds upper bounds of the buckets, ascending, in base units */
  constructor(
    registry: Registry,
    readonly name: string,
    readonly help: string,
    private readonly bounds: readonly number[],
  ) {
    registry.registerMetric(this as unknown as Metric);
  }

  /**
   * Adds a series.
   * @param labels must be new
   */
  tally(labels: Labels = {}): Tally {
    const tally = new Tally(this.bounds);
    this.tallies.push({ labels, tally });
    return tally;
  }

  /** Called by prom-client. */
  get(): object {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: this.tallies.flatMap((series) => this.valuesOf(series)) };
  }

  private valuesOf({ labels, tally }: LeanHistogram['tallies'][number]): object[] {
    let count = 0;
    const buckets = [...this.bounds, '+Inf'].map((le, i) => {
      count += tally.counts[i];
      return { metricName: `${this.name}_bucket`, labels: { le, ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: tally.sum },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}
