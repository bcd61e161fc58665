import type { HrTime } from '@opentelemetry/api';

/**
 * Converts `performance.now()` to OpenTelemetry's time. By default OpenTelemetry adjusts each span to a clock of whole
 * milliseconds, which is too coarse for stages of microseconds.
 */
export function spanTime(milliseconds = performance.now()): HrTime {
  const epoch = performance.timeOrigin + milliseconds;
  return [Math.trunc(epoch / 1_000), Math.round((epoch % 1_000) * 1e6)];
}
