import { open, rename, rm } from 'node:fs/promises';

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}

/**
 * Lets somebody else write a file, which appears whole or not at all.
 *
 * @param write to the path that it is given
 */
export async function writtenWhole(path: string, write: (temporary: string) => Promise<unknown>): Promise<void> {
  // Always the same name, so that what a killed writer left is overwritten.
  const temporary = `${path}.tmp`;
  try {
    await write(temporary);
    await sync(temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
