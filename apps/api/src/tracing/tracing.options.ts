export interface TracingOptions {
  /** The URL of an OTLP receiver over HTTP, without `/v1/traces`; if absent, tracing is disabled. */
  readonly endpoint?: string;
  readonly serviceName: string;
  /** Share of the traces to record among those that begin here; for others, the caller decides. */
  readonly sampleRatio: number;
}
