import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

interface Holder {
  readonly owner: string;
  readonly until: number;
}

/**
 * Acquires a lease. Lease files are numbered and the highest number is in force; an expired lease is replaced by creating the
 * next number with `link`, which fails where another process was faster.
 *
 * @param owner the holder's id, by which it can renew its own lease
 * @returns the function that releases the lease, or undefined while another owner holds it
 */
export async function takeLease(
  folder: string,
  name: string,
  { owner, until }: Holder,
  now: number,
): Promise<(() => Promise<void>) | undefined> {
  const pathOf = (number: number): string => join(folder, `${name}.${number}.lease`);
  const numbers = await numbersOf(folder, name);
  const highest = Math.max(0, ...numbers);
  const holder = await holderOf(pathOf(highest));
  if (holder && holder.owner !== owner && holder.until > now) return undefined;
  const mine = highest + 1;
  if (!(await createAtomically(pathOf(mine), { owner, until }))) return undefined;
  // This number may be stale: removed by a newer owner, whose number is higher, and hence free again.
  if (Math.max(...(await numbersOf(folder, name))) !== mine) {
    await rm(pathOf(mine), { force: true });
    return undefined;
  }
  for (const number of numbers) await rm(pathOf(number), { force: true });
  return async () => void (await createAtomically(pathOf(mine + 1), { owner, until: 0 }));
}

async function numbersOf(folder: string, name: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((file) => {
    const [, stem, number] = /^(.*)\.(\d+)\.lease$/.exec(file) ?? [];
    return stem === name ? [Number(number)] : [];
  });
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** @returns false where the file exists */
async function createAtomically(path: string, holder: Holder): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(holder));
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
