import { existsSync } from 'node:fs';
import { ChildAnswers } from '#kit';
import type { BuiltPage, PageTask } from '#monitoring';

/** Timeout of building a page. */
const BUILD_SECONDS = 30;
/** The process that builds pages ends after this idle time. */
const IDLE_SECONDS = 300;
/** A page is cached for this multiple of its build time, so that building takes at most a twentieth of a core. */
const AGE_PER_BUILD = 20;
const LEAST_AGE_MILLISECONDS = 1_000;
/** Capacity of the cache; the oldest page is evicted first. */
const MOST_PAGES = 100;

export interface MonitorPagesOptions {
  readonly store: string;
  readonly schema: string;
  readonly maxBytes: number;
  /** Script of the process that builds pages; without the file, this process builds them. */
  readonly script: string;
}

interface CachedPage {
  readonly page: BuiltPage | undefined;
  readonly until: number;
}

/** Builds pages in a child process and caches them; concurrent requests for one page share a build. */
export class MonitorPages {
  private readonly child: ChildAnswers;
  private readonly cache = new Map<string, CachedPage>();
  private readonly building = new Map<string, Promise<BuiltPage | undefined>>();

  constructor(private readonly options: MonitorPagesOptions) {
    this.child = new ChildAnswers({ script: options.script, seconds: BUILD_SECONDS, idleSeconds: IDLE_SECONDS });
  }

  /**
   * @param key identifies the page and the state of its subject
   * @returns undefined for an unknown column
   * @throws ChildTaskError
   */
  build(key: string, task: PageTask): Promise<BuiltPage | undefined> {
    const cached = this.cache.get(key);
    if (cached && cached.until > performance.now()) return Promise.resolve(cached.page);
    let building = this.building.get(key);
    if (!building) {
      building = this.buildNow(key, task).finally(() => this.building.delete(key));
      this.building.set(key, building);
    }
    return building;
  }

  close(): void {
    this.child.close();
  }

  private async buildNow(key: string, task: PageTask): Promise<BuiltPage | undefined> {
    const started = performance.now();
    const page = await this.ask(task);
    const ended = performance.now();
    this.cache.delete(key);
    this.cache.set(key, {
      page,
      until: ended + Math.max(LEAST_AGE_MILLISECONDS, AGE_PER_BUILD * (ended - started)),
    });
    for (const oldest of this.cache.keys()) {
      if (this.cache.size <= MOST_PAGES) break;
      this.cache.delete(oldest);
    }
    return page;
  }

  private async ask(task: PageTask): Promise<BuiltPage | undefined> {
    const { script, store, schema, maxBytes } = this.options;
    const options = { store, schema, maxBytes };
    if (existsSync(script)) {
      const answer = await this.child.ask(JSON.stringify({ store: options, task }));
      return (JSON.parse(answer) as BuiltPage | null) ?? undefined;
    }
    const { buildPage, openStore } = await import('#monitoring');
    const opened = await openStore(options);
    return buildPage(opened, task).finally(() => opened.close());
  }
}
