import { join } from 'node:path';
import { type Aliases, readAliases, writeAliases } from '#bundle';
import { InputError, readText, userName, writeFile } from '#kit';

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

const historyText = (modelsDirectory: string, name: string): Promise<string> =>
  readText(historyFile(modelsDirectory, name)).catch(() => '');

/**
 * Moves an alias atomically, then records who did it and why. Killed between the two, the move is made but not
 * recorded; made again, it is recorded as coming from where the history last saw the alias.
 */
export async function moveAlias(
  modelsDirectory: string,
  name: string,
  { alias, to, why }: Pick<AliasMove, 'alias' | 'to' | 'why'>,
): Promise<AliasMove> {
  const before = await readAliases(modelsDirectory, name);
  const history = await historyText(modelsDirectory, name);
  const lastSeen = movesIn(history, historyFile(modelsDirectory, name)).findLast((move) => move.alias === alias)?.to;
  const current = before?.[alias];
  const move: AliasMove = {
    when: new Date().toISOString(),
    who: userName(),
    why,
    alias,
    from: (current === to ? lastSeen : current) ?? null,
    to,
  };
  await writeAliases(modelsDirectory, name, { ...before, champion: before?.champion ?? to, [alias]: to });
  await writeFile(historyFile(modelsDirectory, name), `${history}${JSON.stringify(move)}\n`);
  return move;
}

/** @throws InputError naming the line that is no move */
function movesIn(history: string, file: string): AliasMove[] {
  return history.split('\n').flatMap((line, i) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as AliasMove];
    } catch {
      throw new InputError(`${file}: line ${i + 1} is no JSON: mend or remove it.`);
    }
  });
}

/** The moves of a model's aliases, oldest first. */
export async function readHistory(modelsDirectory: string, name: string): Promise<AliasMove[]> {
  return movesIn(await historyText(modelsDirectory, name), historyFile(modelsDirectory, name));
}

/** The champions one upon the other, the present one last: a move back to the one before takes one away. */
export function lineOfChampions(history: readonly AliasMove[]): string[] {
  const line: string[] = [];
  for (const { alias, from, to } of history) {
    if (alias !== 'champion') continue;
    if (line.length === 0 && from !== null) line.push(from);
    if (line.at(-2) === to) line.pop();
    else if (line.at(-1) !== to) line.push(to);
  }
  return line;
}
