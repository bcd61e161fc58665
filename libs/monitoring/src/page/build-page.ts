import { createHash } from 'node:crypto';
import { columnReport } from '../report/column-report.js';
import { readView, type ViewQuery } from '../report/read-view.js';
import { unreadView } from '../report/unread-view.js';
import type { RenewalReport } from '../report/renewal-report.js';
import type { VersionView } from '../report/version-view.js';
import type { MonitorStore } from '../store/monitor-store.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import { columnPage } from './column-page.js';
import { cellsCsv, columnsCsv, modelsCsv } from './csv.js';
import { type Links, SERVER_LINKS } from './layout.js';
import { modelPage } from './model-page.js';
import { modelsPage } from './models-page.js';
import { MONITOR_STYLE } from './page-style.js';

export type PageFormat = 'html' | 'json' | 'csv';

/** A request for a page: of all models, of one model, or of one of its columns. */
export interface PageTask extends ViewQuery {
  readonly format: PageFormat;
  /** Whether the page has links to other pages; one that is written to a file has none. */
  readonly isServed: boolean;
  /** Of one model, or of all. */
  readonly versions: readonly (WatchedVersion & Pick<ViewQuery, 'log' | 'moves'>)[];
  /** Whether the page lists all models, even a single one. */
  readonly isList: boolean;
  readonly column?: string;
  /** Of a page of one model that has ever been renewed. */
  readonly renewal?: RenewalReport | null;
}

/** A finished page. */
export interface BuiltPage {
  readonly text: string;
  readonly etag: string;
  /** Source expression that allows the page's inline style (Content Security Policy, level 2). */
  readonly style: string;
}

const STYLE = `'sha256-${createHash('sha256').update(MONITOR_STYLE).digest('base64')}'`;

function ofModel(view: VersionView, { format, column, renewal = null }: PageTask, links: Links): string | undefined {
  if (column === undefined) {
    if (format === 'json') return JSON.stringify({ ...view.report, renewal });
    return format === 'csv' ? columnsCsv(view.report) : modelPage(view, links, renewal);
  }
  if (view.problem !== null) throw new Error(view.problem);
  const index = view.columns.findIndex(({ name }) => name === column);
  if (index < 0) return undefined;
  if (format === 'json') return JSON.stringify(columnReport(view, index));
  return format === 'csv' ? cellsCsv(view.columns[index]) : columnPage(view, index, links);
}

/** @returns undefined for an unknown column @throws Error where the store cannot be read and a column is requested */
export async function buildPage(store: MonitorStore, task: PageTask): Promise<BuiltPage | undefined> {
  const links = task.isServed ? SERVER_LINKS : {};
  const views: VersionView[] = [];
  for (const { log, moves, ...watched } of task.versions) {
    const query = { ...task, log, moves };
    // The page of a model whose store cannot be read shows the error; the other models are unaffected.
    views.push(
      await readView(store, watched, query).catch((error: Error) => unreadView(watched, query, error.message)),
    );
  }
  const text = task.isList ? ofAll(views, task, links) : ofModel(views[0], task, links);
  if (text === undefined) return undefined;
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`, style: STYLE };
}

function ofAll(views: readonly VersionView[], { format, scale }: PageTask, links: Links): string {
  const reports = views.map(({ report }) => report);
  if (format === 'json') return JSON.stringify({ models: reports });
  return format === 'csv' ? modelsCsv(reports) : modelsPage(reports, scale, links);
}
