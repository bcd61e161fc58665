import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tracker } from '../tracker.js';
import type { TrackingServer } from '../tracking.options.js';
import type { StubMetric, StubRun } from './stub-store.js';

export const newStore = (): string => mkdtempSync(join(tmpdir(), 'skewless-tracking-'));

/** A tracker with long timeouts and short pauses. */
export function trackerTo(
  uri: string | undefined,
  directory = newStore(),
  settings: Partial<TrackingServer> = {},
): Tracker {
  const server = uri === undefined ? undefined : { uri, retries: 2, backoffMilliseconds: 1, ...settings };
  return new Tracker({ directory, server });
}

/** The values of one metric on the server. */
export const valuesOf = (run: StubRun, key: string): StubMetric['value'][] =>
  run.metrics.filter((metric) => metric.key === key).map(({ value }) => value);
