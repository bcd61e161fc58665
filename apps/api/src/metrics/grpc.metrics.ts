import type { Registry } from 'prom-client';
import type { EndedCall } from '../grpc/call-observer.js';
import { REQUEST_SECONDS } from './buckets.js';
import { LeanHistogram, type Tally } from './lean-histogram.js';

/** Counts and times gRPC calls by method and status. */
export class GrpcMetrics {
  private readonly duration: LeanHistogram;
  private readonly series = new Map<string, Tally>();

  constructor(registry: Registry) {
    this.duration = new LeanHistogram(
      registry,
      'skewless_grpc_call_duration_seconds',
      "Time from a call's metadata to its end",
      REQUEST_SECONDS,
    );
  }

  /** A call is over. */
  readonly end = ({ method, code, milliseconds }: EndedCall): void => {
    const key = `${method} ${code}`;
    let tally = this.series.get(key);
    if (!tally) this.series.set(key, (tally = this.duration.tally({ method, code })));
    tally.observe(milliseconds / 1_000);
  };
}
