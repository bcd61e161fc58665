import type { Gauge } from 'prom-client';

/** Makes a gauge read its value when it is collected. */
export function showing(read: () => number): (this: Gauge) => void {
  return function () {
    this.set(read());
  };
}
