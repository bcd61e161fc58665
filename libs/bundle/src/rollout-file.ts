import { join } from 'node:path';
import { readRegularFile, type UnreadableFileError, writeFile } from '#kit';
import { TEXT_BYTES } from './bundle.js';
import { BundleError } from './bundle.error.js';
import { parseDocument } from './bundle-schemas.js';
import type { Rollout } from './rollout.js';

/** Reads a model's rollout; `undefined` when it never had one. @throws BundleError */
export async function readRollout(modelsDirectory: string, name: string): Promise<Rollout | undefined> {
  const path = join(modelsDirectory, name, 'rollout.json');
  const text = await readRegularFile(path, TEXT_BYTES).catch(({ code, problem }: UnreadableFileError) => {
    if (code === 'ENOENT') return undefined;
    throw new BundleError(path, problem, 'Replace it by a readable JSON file, or restore it');
  });
  return text && parseDocument('rollout', text.toString(), path);
}

/** Replaces a model's `rollout.json` atomically. */
export async function writeRollout(modelsDirectory: string, name: string, rollout: Rollout): Promise<void> {
  await writeFile(join(modelsDirectory, name, 'rollout.json'), `${JSON.stringify(rollout, null, 1)}\n`);
}
