import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

interface Holder {
  readonly owner: string;
  readonly until: number;
}

/**
 * Takes a right for a while. Leases are numbered and the highest one counts; one that is over is outbid by the next number
 * with `link`, which fails when somebody else was faster.
 *
 * @param owner has it again when it asks before the time is over
 * @returns what gives it back, or nothing while somebody else has it
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
  if (!(await linkWhole(pathOf(mine), { owner, until }))) return undefined;
  // Lower numbers that are gone could have let this one in below a newer owner.
  if (Math.max(...(await numbersOf(folder, name))) !== mine) {
    await rm(pathOf(mine), { force: true });
    return undefined;
  }
  for (const number of numbers) await rm(pathOf(number), { force: true });
  return async () => void (await linkWhole(pathOf(mine + 1), { owner, until: 0 }));
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

async function linkWhole(path: string, holder: Holder): Promise<boolean> {
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
