import { Counter, Gauge, type Registry } from 'prom-client';
import type { Answered, RequestObserver } from '../http/request-context.js';
import { PROBLEM_TYPES, type ProblemType } from '../problem/problem-types.js';
import { REQUEST_SECONDS } from './buckets.js';
import { showing } from './gauge.js';
import { LeanHistogram, type Tally } from './lean-histogram.js';

/** The route label of all paths without a route, so that callers cannot create new series. */
const OTHER_ROUTE = 'other';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** nginx's status for a caller that disconnected before the answer was sent. */
const CLIENT_CLOSED_REQUEST = 499;

/** Counts and times requests by route, method and status. */
export class HttpMetrics implements RequestObserver {
  private readonly duration: LeanHistogram;
  private readonly rejected: Counter;
  /** By route, method and status: created once, looked up per request. */
  private readonly series = new Map<string, Map<string, Map<number, Tally>>>();
  private inFlight = 0;

  constructor(registry: Registry) {
    this.duration = new LeanHistogram(
      registry,
      'skewless_http_request_duration_seconds',
      'Time from the last header field of a request to the end of its response',
      REQUEST_SECONDS,
    );
    new Gauge({
      name: 'skewless_http_requests_in_flight',
      help: 'Requests in progress',
      registers: [registry],
      collect: showing(() => this.inFlight),
    });
    this.rejected = new Counter({
      name: 'skewless_rejected_total',
      help: 'Requests answered with a problem, by its type',
      labelNames: ['reason'],
      registers: [registry],
    });
    for (const reason of Object.keys(PROBLEM_TYPES)) this.rejected.inc({ reason }, 0);
  }

  began(): void {
    this.inFlight++;
  }

  ended({ route, method, status, aborted, milliseconds, problem }: Answered): void {
    this.inFlight--;
    const series = this.tallyOf(
      route ?? OTHER_ROUTE,
      METHODS.has(method) ? method : 'other',
      aborted ? CLIENT_CLOSED_REQUEST : status,
    );
    series.observe(milliseconds / 1_000);
    if (problem !== undefined) this.reject(problem);
  }

  /** A request was answered with a problem. */
  reject(reason: ProblemType): void {
    this.rejected.inc({ reason });
  }

  private tallyOf(route: string, method: string, status: number): Tally {
    return this.series.get(route)?.get(method)?.get(status) ?? this.newTally(route, method, status);
  }

  private newTally(route: string, method: string, status: number): Tally {
    const methods = this.series.get(route) ?? new Map<string, Map<number, Tally>>();
    const statuses = methods.get(method) ?? new Map<number, Tally>();
    const tally = this.duration.tally({ method, route, status: String(status) });
    this.series.set(route, methods.set(method, statuses.set(status, tally)));
    return tally;
  }
}
