import { MonitorPlan } from '../cells/monitor-plan.js';
import { addHours } from '../counts/hour-counts.js';
import { closedUpTo } from '../time/scales.js';
import { registeredOf, type WatchedVersion } from '../watch/watched-version.js';
import type { ViewQuery } from './read-view.js';
import { lastClosedWindow } from './shown-window.js';
import type { VersionView } from './version-view.js';
import { reportOf } from './window-report.js';

/** The view of a version whose store cannot be read. */
export function unreadView(
  watched: WatchedVersion,
  { scale, now, moves = [], log }: ViewQuery,
  problem: string,
): VersionView {
  const { model, version, task } = watched;
  const plan = new MonitorPlan({ inputs: [], classes: [], baseline: null });
  const { report, description } = reportOf({
    model,
    version,
    plan,
    window: lastClosedWindow(scale, closedUpTo(now), 0),
    hours: addHours(plan, []),
    episodes: [],
    quality: null,
    estimate: null,
    log: { rows: 0, dropped: log?.dropped ?? 0, store: 'down' },
  });
  return {
    report: { ...report, status: 'too_few_rows' },
    metric: task === 'regression' ? 'mae' : 'accuracy',
    registered: registeredOf(watched),
    description,
    columns: [],
    lacking: [],
    adopted: null,
    baselineRows: 0,
    days: [],
    live: null,
    refuted: false,
    calibration: null,
    slices: [],
    confusion: null,
    history: moves,
    gone: { rows: 0, records: 0 },
    problem,
    watchedAt: null,
  };
}
