import type { Aliases, Rollout } from '#bundle';
import { appendLine, userName } from '#kit';
import type { GuardReport } from '#monitoring';
import { historyFile, readHistoryLines } from '#registry';
import type { RolloutEvent } from './rollout-events.js';

/** The evidence for a step. */
export type Evidence = GuardReport;

/** One step of a rollout, as it is written to `history.jsonl` before it takes effect. */
export interface RolloutRecord {
  readonly when: string;
  readonly who: string;
  readonly why: string;
  /** Only where the step moves the champion. */
  readonly alias?: 'champion';
  readonly from?: string;
  readonly to?: string;
  readonly rollout: {
    readonly event: RolloutEvent['kind'];
    /** The new content of `rollout.json`. */
    readonly file: Rollout;
    readonly evidence?: readonly Evidence[];
  };
}

const isStep = (line: unknown): line is RolloutRecord => typeof line === 'object' && line !== null && 'rollout' in line;

/** The steps of a model's rollouts, oldest first; of two with the same epoch only the first took effect. */
export async function readSteps(modelsDirectory: string, name: string): Promise<RolloutRecord[]> {
  const steps: RolloutRecord[] = [];
  for (const line of await readHistoryLines(modelsDirectory, name)) {
    if (isStep(line) && line.rollout.file.epoch > (steps.at(-1)?.rollout.file.epoch ?? 0)) steps.push(line);
  }
  return steps;
}

/** Appends a step to the journal and syncs it. */
export async function appendStep(
  modelsDirectory: string,
  name: string,
  aliases: Aliases | undefined,
  { event, file, evidence }: RolloutRecord['rollout'],
): Promise<void> {
  const from = aliases?.champion;
  const to = file.aliases.champion;
  const step: RolloutRecord = {
    when: file.since,
    who: userName(),
    why: file.reason,
    ...(from !== to && { alias: 'champion', from, to }),
    rollout: { event, file, ...(evidence && { evidence }) },
  };
  await appendLine(historyFile(modelsDirectory, name), step);
}
