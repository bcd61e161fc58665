import { existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAlive, syncPath, tryLock } from '#kit';
import { acknowledgedIn } from '../push/sent-state.js';
import type { RunRecord, TrackingRecord } from '../records.js';
import { readJournal } from '../store/journal.js';
import { RunFolder } from '../store/run-folder.js';

export interface PruneRunsOptions {
  /** The local store of runs. */
  readonly store: string;
  /** The server that runs are pushed to, where there is one. */
  readonly uri?: string;
  readonly model: string;
  /** The versions of the model that exist. */
  readonly versions: readonly string[];
  /** How many of the newest runs without a registered version to keep, at least 1. */
  readonly keep: number;
}

/** The journal of a run, or of an alias moved outside of a run. */
interface KeptRun {
  readonly folder: RunFolder;
  readonly records: readonly TrackingRecord[];
  /** The versions that it registered, or gave an alias. */
  readonly versions: readonly string[];
  readonly hasEnded: boolean;
}

/** The model of a run: the one it registered, or the first word of its name. */
function modelOf(records: readonly TrackingRecord[]): string | undefined {
  const named = records.find((record) => record.type === 'model-version' || record.type === 'alias');
  if (named) return named.name;
  return records.find((record): record is RunRecord => record.type === 'run')?.name.split(' ')[0];
}

function readRun(folder: RunFolder): KeptRun & { readonly model: string | undefined } {
  const records = readJournal<TrackingRecord>(folder.journal);
  const named = records.flatMap((record) =>
    record.type === 'model-version' || record.type === 'alias' ? [record.version] : [],
  );
  const [first] = records;
  return {
    folder,
    records,
    model: modelOf(records),
    versions: [...new Set(named)],
    hasEnded: first?.type !== 'run' || records.at(-1)?.type === 'end' || !isAlive(first.owner),
  };
}

/** Whether the server, and every other server that received part of a run, has all of it. */
function isPushed({ folder, records }: KeptRun, uri: string | undefined): boolean {
  const sent = new Set(folder.allSent());
  if (uri !== undefined) sent.add(folder.sent(uri));
  // The push of a killed run appends its end.
  const isWhole = records[0]?.type !== 'run' || records.at(-1)?.type === 'end';
  return [...sent].every((path) => isWhole && acknowledgedIn(path) >= records.length);
}

/** @returns whether it was removed; false while another process pushes it */
async function remove({ folder }: KeptRun, store: string): Promise<boolean> {
  // The lock file is removed with the folder.
  if (!tryLock(folder.path, 'push')) return false;
  const aside = join(store, `.${basename(folder.path)}`);
  await rename(folder.path, aside);
  await syncPath(store);
  await rm(aside, { recursive: true, force: true });
  return true;
}

/**
 * Removes the runs of a model that are no longer needed, oldest first, each atomically: runs whose versions have all
 * been pruned, and all but the newest of those that registered nothing. Runs in progress are kept. It stops at the
 * first run that a server lacks part of, because a later push must know of newer aliases. A store without a run of any
 * existing version belongs to other models and is left alone.
 *
 * @returns the removed folders, as they are removed
 */
export async function* pruneRuns({ store, uri, model, versions, keep }: PruneRunsOptions): AsyncGenerator<string> {
  if (!existsSync(store)) return;
  for (const name of readdirSync(store).filter((one) => /^\.\d{8}T/.test(one))) {
    await rm(join(store, name), { recursive: true, force: true });
  }
  const runs = RunFolder.list(store)
    .map(readRun)
    .filter((run) => run.model === model);
  const known = new Set(versions);
  const newest = Math.max(0, ...versions.map(Number));
  if (!runs.some((run) => run.versions.some((version) => known.has(version)))) return;
  const fruitless = runs.filter((run) => run.versions.length === 0);
  const kept = new Set(fruitless.slice(-keep));
  for (const run of runs) {
    const isOld = run.versions.every((version) => !known.has(version) && Number(version) < newest);
    if (!isPushed(run, uri)) return;
    if (!isOld || kept.has(run) || !run.hasEnded) continue;
    if (await remove(run, store)) yield run.folder.path;
  }
}
