import { Gauge, type Registry } from 'prom-client';
import type { CallObserver, EndedCall } from '../grpc/call-observer.js';
import { REQUEST_SECONDS } from './buckets.js';
import { showing } from './gauge.js';
import { LeanHistogram, type Tally } from './lean-histogram.js';

/** Counts and times gRPC calls by method and status. */
export class GrpcMetrics implements CallObserver {
  private readonly duration: LeanHistogram;
  private readonly series = new Map<string, Tally>();
  private inFlight = 0;

  constructor(registry: Registry) {
    this.duration = new LeanHistogram(
      registry,
      'skewless_grpc_call_duration_seconds',
      "Time from a call's metadata to its end",
      REQUEST_SECONDS,
    );
    new Gauge({
      name: 'skewless_grpc_calls_in_flight',
      help: 'gRPC calls in progress',
      registers: [registry],
      collect: showing(() => this.inFlight),
    });
  }

  began(): void {
    this.inFlight++;
  }

  ended({ method, code, milliseconds }: EndedCall): void {
    this.inFlight--;
    const key = `${method} ${code}`;
    let tally = this.series.get(key);
    if (!tally) this.series.set(key, (tally = this.duration.tally({ method, code })));
    tally.observe(milliseconds / 1_000);
  }
}
