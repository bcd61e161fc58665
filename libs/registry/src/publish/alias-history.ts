import { join } from 'node:path';
import { type Aliases, isActive, readAliases, readRollout, writeAliases } from '#bundle';
import { appendLine, InputError, readText, userName } from '#kit';

/** One move of an alias: a line of `models/<name>/history.jsonl`. */
export interface AliasMove {
  readonly when: string;
  readonly who: string;
  readonly why: string;
  readonly alias: keyof Aliases;
  readonly from: string | null;
  readonly to: string;
}

/** `models/<name>/history.jsonl`: which alias was moved, by whom, when and why. */
export const historyFile = (modelsDirectory: string, name: string): string =>
  join(modelsDirectory, name, 'history.jsonl');

const historyText = (modelsDirectory: string, name: string): Promise<string> =>
  readText(historyFile(modelsDirectory, name)).catch(() => '');

/** @throws InputError while a rollout controls the model's aliases */
export async function refuseDuringRollout(modelsDirectory: string, name: string): Promise<void> {
  const rollout = await readRollout(modelsDirectory, name);
  if (!rollout || !isActive(rollout)) return;
  const how = `skewless rollout promote ${name}, rollout rollback ${name} or rollout abort ${name}`;
  throw new InputError(
    `A rollout of ${name} version ${rollout.challenger} is in progress (${rollout.state}), and only the rollout may move the aliases. To end it: ${how}.`,
  );
}

/**
 * Moves an alias atomically, then records who did it and why. If it is killed in between, the move is made but not
 * recorded; repeating it records it from the alias's last position in the history.
 *
 * @throws InputError while a rollout controls the model's aliases
 */
export async function moveAlias(
  modelsDirectory: string,
  name: string,
  { alias, to, why }: Pick<AliasMove, 'alias' | 'to' | 'why'>,
): Promise<AliasMove> {
  await refuseDuringRollout(modelsDirectory, name);
  const before = await readAliases(modelsDirectory, name);
  const lastSeen = (await readHistory(modelsDirectory, name)).findLast((move) => move.alias === alias)?.to;
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
  await appendLine(historyFile(modelsDirectory, name), move);
  return move;
}

/**
 * The records of `history.jsonl`, oldest first: moves of aliases and steps of rollouts. An incomplete last line is
 * ignored.
 *
 * @throws InputError naming the line that is no JSON
 */
export async function readHistoryLines(modelsDirectory: string, name: string): Promise<unknown[]> {
  const file = historyFile(modelsDirectory, name);
  const text = await historyText(modelsDirectory, name);
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      if (i === lines.length - 1) return [];
      throw new InputError(`${file}: line ${i + 1} is not valid JSON; correct or remove it.`);
    }
  });
}

const isMove = (line: unknown): line is AliasMove => typeof line === 'object' && line !== null && 'alias' in line;

/** The moves of a model's aliases, oldest first. */
export async function readHistory(modelsDirectory: string, name: string): Promise<AliasMove[]> {
  return (await readHistoryLines(modelsDirectory, name)).filter(isMove);
}

/** The stack of champions, the current one last: a move back to the previous one pops it. */
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
