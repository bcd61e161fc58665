import type { HrTime } from '@opentelemetry/api';

/**
 * A reading of `performance.now()` as OpenTelemetry keeps time. Left to itself it corrects each span by a clock of whole
 * milliseconds, which stages of microseconds do not survive.
 */
export function spanTime(milliseconds = performance.now()): HrTime {
  const epoch = performance.timeOrigin + milliseconds;
  return [Math.trunc(epoch / 1_000), Math.round((epoch % 1_000) * 1e6)];
}
