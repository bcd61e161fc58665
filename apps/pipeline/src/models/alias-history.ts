import { open } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Aliases, readAliases, writeAliases } from '#registry';
import { readText } from '../import/read-input.js';

/** One move of an alias: a line of `models/<name>/history.jsonl`. */
export interface AliasMove {
  readonly when: string;
  readonly who: string;
  readonly why: string;
  readonly alias: keyof Aliases;
  readonly from: string | null;
  readonly to: string;
}

const historyFile = (modelsDirectory: string, name: string): string => join(modelsDirectory, name, 'history.jsonl');

/** Moves an alias atomically, then records who did it and why. */
export async function moveAlias(
  modelsDirectory: string,
  name: string,
  { alias, to, why }: Pick<AliasMove, 'alias' | 'to' | 'why'>,
): Promise<AliasMove> {
  const before = await readAliases(modelsDirectory, name);
  const move: AliasMove = {
    when: new Date().toISOString(),
    who: userInfo().username,
    why,
    alias,
    from: before?.[alias] ?? null,
    to,
  };
  await writeAliases(modelsDirectory, name, { ...before, champion: before?.champion ?? to, [alias]: to });
  const history = await open(historyFile(modelsDirectory, name), 'a');
  try {
    await history.appendFile(`${JSON.stringify(move)}\n`);
    await history.sync();
  } finally {
    await history.close();
  }
  return move;
}

/** The moves of a model's aliases, oldest first. */
export async function readHistory(modelsDirectory: string, name: string): Promise<AliasMove[]> {
  const text = await readText(historyFile(modelsDirectory, name)).catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AliasMove);
}
