export interface TracingOptions {
  /** Of an OTLP receiver over HTTP, without `/v1/traces`; without one nothing is traced. */
  readonly endpoint?: string;
  readonly serviceName: string;
  /** Share of the traces to record that begin here; those of callers are recorded as the callers decided. */
  readonly sampleRatio: number;
}
