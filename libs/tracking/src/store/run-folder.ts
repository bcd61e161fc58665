import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '#kit';

let lastStart = 0;

/** A timestamp unique in this process, so that folder names sort by creation. */
function nextStart(): string {
  lastStart = Math.max(Date.now(), lastStart + 1);
  return new Date(lastStart).toISOString().replaceAll(/[-:.]/g, '');
}

/**
 * `<store>/<time>-<id>/`: the records of one run.
 *
 * - `journal.jsonl`: what was logged, in order; written only by the process of the run
 * - `sent-<server>.jsonl`: how much of it a server has; written only by the holder of the push lock
 * - `artifacts/`: the files that were logged
 */
export class RunFolder {
  private constructor(readonly path: string) {}

  static create(store: string, id: string): RunFolder {
    const folder = new RunFolder(join(store, `${nextStart()}-${id}`));
    mkdirSync(folder.artifacts, { recursive: true });
    syncDirectory(store);
    return folder;
  }

  /** Oldest first, without the leftovers of an interrupted removal. */
  static list(store: string): RunFolder[] {
    return readdirSync(store, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => new RunFolder(join(store, name)))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  get journal(): string {
    return join(this.path, 'journal.jsonl');
  }

  get artifacts(): string {
    return join(this.path, 'artifacts');
  }

  /** One file per server: pushing to another server starts from the beginning. */
  sent(uri: string): string {
    return join(this.path, `sent-${uri.replace(/^\w+:\/\//, '').replaceAll(/[^\w.]+/g, '-')}.jsonl`);
  }

  /** The files of all servers that received part of it. */
  allSent(): string[] {
    return readdirSync(this.path)
      .filter((name) => /^sent-.*\.jsonl$/.test(name))
      .map((name) => join(this.path, name));
  }
}
