import type { Tracing } from './tracing.js';
import type { TracingOptions } from './tracing.options.js';

/** Creates the tracer, which is loaded only if there is an endpoint. */
export async function createTracing(options: TracingOptions, version: string): Promise<Tracing | undefined> {
  if (options.endpoint === undefined) return undefined;
  const { Tracing } = await import('./tracing.js');
  return new Tracing(options, version);
}
