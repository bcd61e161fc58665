import { setPriority } from 'node:os';
import { serveTasks } from '#kit';
import type { MonitorStore } from '../store/monitor-store.js';
import { openStore, type StoreOptions } from '../store/open-store.js';
import { buildPage, type PageTask } from './build-page.js';

/** Whoever looks at a page waits rather than who asks for a prediction. */
const NICE = 10;

/** What a server asks for. */
export interface PageQuestion {
  readonly store: StoreOptions;
  readonly task: PageTask;
}

let opened: { readonly key: string; readonly store: MonitorStore } | undefined;

async function storeOf(options: StoreOptions): Promise<MonitorStore> {
  const key = JSON.stringify(options);
  if (opened?.key !== key) {
    await opened?.store.close();
    opened = { key, store: await openStore(options) };
  }
  return opened.store;
}

setPriority(NICE);

// A process that builds pages: no server has to have what that takes, or wait for it.
serveTasks(async (question) => {
  const { store, task } = JSON.parse(question) as PageQuestion;
  return JSON.stringify((await buildPage(await storeOf(store), task)) ?? null);
});
