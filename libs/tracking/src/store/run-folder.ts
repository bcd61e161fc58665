import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '#kit';

let lastStart = 0;

/** A time that no other folder of this process has: the names of folders sort as they were made. */
function nextStart(): string {
  lastStart = Math.max(Date.now(), lastStart + 1);
  return new Date(lastStart).toISOString().replaceAll(/[-:.]/g, '');
}

/**
 * `<store>/<time>-<id>/`: all that is recorded of one run.
 *
 * - `journal.jsonl`: what was logged, in order; only the process that runs it writes it
 * - `sent-<server>.jsonl`: how far a server has it; only the holder of the push lock writes it
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

  /** Oldest first, but for what a removal that was killed has left. */
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

  /** One file per server: pushing to a second one begins again. */
  sent(uri: string): string {
    return join(this.path, `sent-${uri.replace(/^\w+:\/\//, '').replaceAll(/[^\w.]+/g, '-')}.jsonl`);
  }

  /** Of all servers that were sent something of it. */
  allSent(): string[] {
    return readdirSync(this.path)
      .filter((name) => /^sent-.*\.jsonl$/.test(name))
      .map((name) => join(this.path, name));
  }
}
