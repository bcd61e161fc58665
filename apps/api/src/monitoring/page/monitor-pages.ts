import { existsSync } from 'node:fs';
import { ChildAnswers } from '#kit';
import type { BuiltPage, PageTask } from '#monitoring';

/** A page that takes longer to build is given up. */
const BUILD_SECONDS = 30;
/** The process that builds pages stays so long after the last one. */
const IDLE_SECONDS = 300;
/** A page is at most so many times as old as it took to build, so that building takes a twentieth of a core at most. */
const AGE_PER_BUILD = 20;
const LEAST_AGE_MILLISECONDS = 1_000;
/** Pages that are kept; the oldest goes first. */
const MOST_PAGES = 100;

export interface MonitorPagesOptions {
  readonly store: string;
  readonly schema: string;
  readonly maxBytes: number;
  /** Of the process that builds pages; where the file is not there, this process does. */
  readonly script: string;
}

interface Kept {
  readonly page: BuiltPage | undefined;
  readonly until: number;
}

/** Builds pages, none of them on the thread that serves, and each once for all who ask for it at a time. */
export class MonitorPages {
  private readonly child: ChildAnswers;
  private readonly kept = new Map<string, Kept>();
  private readonly building = new Map<string, Promise<BuiltPage | undefined>>();

  constructor(private readonly options: MonitorPagesOptions) {
    this.child = new ChildAnswers({ script: options.script, seconds: BUILD_SECONDS, idleSeconds: IDLE_SECONDS });
  }

  /**
   * @param key the same for the same page, until what it is about changes
   * @returns nothing where there is no such column
   * @throws ChildTaskError
   */
  build(key: string, task: PageTask): Promise<BuiltPage | undefined> {
    const kept = this.kept.get(key);
    if (kept && kept.until > performance.now()) return Promise.resolve(kept.page);
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
    this.kept.delete(key);
    this.kept.set(key, {
      page,
      until: ended + Math.max(LEAST_AGE_MILLISECONDS, AGE_PER_BUILD * (ended - started)),
    });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_PAGES) break;
      this.kept.delete(oldest);
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
