import { setPriority } from 'node:os';
import { serveTasks } from '#kit';
import type { MonitorStore } from '../store/monitor-store.js';
import { openStore, type StoreOptions } from '../store/open-store.js';
import { buildPage, type PageTask } from './build-page.js';

/** Predictions take precedence over pages. */
const NICE = 10;

/** A request from the server. */
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

// Pages are built in a process of their own, so that the server spends neither memory nor time on them.
serveTasks(async (question) => {
  const { store, task } = JSON.parse(question) as PageQuestion;
  return JSON.stringify((await buildPage(await storeOf(store), task)) ?? null);
});
