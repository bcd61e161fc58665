import cluster from 'node:cluster';
import { Registry } from 'prom-client';
import { WorkerMetrics } from './cluster/worker-metrics.js';
import { GrpcMetrics } from './grpc.metrics.js';
import { HttpMetrics } from './http.metrics.js';
import { InferenceMetrics } from './inference.metrics.js';
import { showDroppedLines, showProcess, showRestarts } from './process.metrics.js';

/** The metrics of this process, and their text, which covers all workers if there are several. */
export class Metrics {
  readonly registry = new Registry();
  readonly http = new HttpMetrics(this.registry);
  readonly grpc = new GrpcMetrics(this.registry);
  readonly inference = new InferenceMetrics(this.registry);
  private readonly worker?: WorkerMetrics;

  /** @param droppedLines number of log lines that could not be written so far */
  constructor(droppedLines: () => number) {
    showProcess(this.registry);
    showDroppedLines(this.registry, droppedLines);
    if (cluster.isWorker) this.worker = new WorkerMetrics(this.registry);
    else showRestarts(this.registry, () => 0);
  }

  /** In Prometheus's text format. */
  text(): Promise<string> {
    return this.worker ? this.worker.metrics() : this.registry.metrics();
  }
}
