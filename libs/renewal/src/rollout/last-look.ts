import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '#kit';
import type { Evidence } from './rollout-journal.js';

/** The evidence of the worker's last look at a rollout, for information only. */
export interface Look {
  /** Epoch of the rollout at that time. */
  readonly epoch: number;
  readonly evidence: readonly Evidence[];
  readonly reason: string;
}

const fileOf = (modelsDirectory: string, name: string): string => join(modelsDirectory, name, '.rollout', 'look.json');

export const keepLook = (modelsDirectory: string, name: string, look: Look): Promise<void> =>
  writeJson(fileOf(modelsDirectory, name), look);

export async function lastLook(modelsDirectory: string, name: string): Promise<Look | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(modelsDirectory, name), 'utf8')) as Look;
  } catch {
    return undefined;
  }
}
