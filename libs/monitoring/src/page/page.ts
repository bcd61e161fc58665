import type { MonitorStore } from '../store/monitor-store.js';
import type { BuiltPage, PageTask } from './build-page.js';

export type { BuiltPage, PageFormat, PageTask } from './build-page.js';

/** As `buildPage`, loaded on demand, so that a server does not load code that it never runs. */
export async function buildPage(store: MonitorStore, task: PageTask): Promise<BuiltPage | undefined> {
  const { buildPage } = await import('./build-page.js');
  return buildPage(store, task);
}
