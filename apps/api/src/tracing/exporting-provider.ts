import { diag, DiagLogLevel } from '@opentelemetry/api';
import { Logger } from '@nestjs/common';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { TracingOptions } from './tracing.options.js';

/** Logs errors of the exporter, such as an unreachable receiver. */
function logErrors(): void {
  const logger = new Logger('Tracing');
  const ignore = (): void => undefined;
  diag.setLogger(
    {
      error: (text) => logger.error(text),
      warn: (text) => logger.warn(text),
      info: ignore,
      debug: ignore,
      verbose: ignore,
    },
    DiagLogLevel.WARN,
  );
}

/** Creates spans and sends them in the background, in batches, over OTLP/HTTP. */
export function exportingProvider(
  { endpoint, serviceName, sampleRatio }: TracingOptions,
  version: string,
): BasicTracerProvider {
  logErrors();
  const service = resourceFromAttributes({ 'service.name': serviceName, 'service.version': version });
  const exporter = new OTLPTraceExporter({ url: `${endpoint!.replace(/\/$/, '')}/v1/traces` });
  return new BasicTracerProvider({
    resource: defaultResource().merge(service),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
}
