import { join } from 'node:path';
import { readAliases, readAnyBundle, type Rollout } from '#bundle';
import { InputError } from '#kit';
import { publicKeyOf, resolveVersion } from '#registry';
import { FROM_SOURCE } from './rollouts.js';

export interface StartOptions {
  /** A version number, or an alias. */
  readonly version: string;
  readonly steps: readonly number[];
  readonly mode: Rollout['mode'];
}

interface Models {
  readonly directory: string;
  /** PEM file of the key that must have signed every version. */
  readonly publicKey?: string;
  /** Remote source of the models, if any. */
  readonly source?: string;
}

/** @throws InputError unless the steps ascend, each more than 0 and less than 100 percent */
export function checkSteps(steps: readonly number[]): void {
  const isRising = steps.every((step, i) => step > (steps[i - 1] ?? 0) && step < 100);
  if (!isRising) throw new InputError(`The steps ${steps.join(', ')} must ascend, each above 0 and below 100 percent.`);
}

/**
 * Checks that a rollout can begin, and resolves its champion and challenger.
 *
 * @throws InputError when there is no champion, the version is the champion, or it takes other columns
 * @throws BundleError when a version is corrupt, or lacks the required signature
 */
export async function checkStart(
  { directory, publicKey, source }: Models,
  name: string,
  { version, steps, mode }: StartOptions,
): Promise<{ readonly champion: string; readonly challenger: string } & Pick<StartOptions, 'steps' | 'mode'>> {
  checkSteps(steps);
  if (source !== undefined) throw new InputError(FROM_SOURCE);
  const challenger = await resolveVersion(directory, name, version);
  const champion = (await readAliases(directory, name))?.champion;
  if (champion === undefined) {
    throw new InputError(`${name} has no champion yet; make one: npx skewless models promote ${name} ${challenger}`);
  }
  if (champion === challenger) throw new InputError(`${name}: version ${challenger} is the champion already.`);
  const key = await publicKeyOf({ publicKey });
  const [old, young] = await Promise.all(
    [champion, challenger].map((one) => readAnyBundle(join(directory, name, one), key)),
  );
  if (!('pipeline' in old) || !('pipeline' in young)) {
    throw new InputError(`${name}: a rollout needs versions that take rows, not tensors; use "models promote".`);
  }
  checkColumns(name, challenger, namesOf(old.pipeline), namesOf(young.pipeline));
  return { champion, challenger, steps, mode };
}

interface Columns {
  readonly inputs: readonly { readonly name: string }[];
  readonly unused?: readonly string[];
}

const namesOf = ({ inputs, unused = [] }: Columns): { read: Set<string>; taken: Set<string> } => {
  const read = new Set(inputs.map(({ name }) => name));
  return { read, taken: new Set([...read, ...unused]) };
};

/** Clients send the champion's columns: the challenger must accept them all, and require no others. */
function checkColumns(
  name: string,
  challenger: string,
  old: ReturnType<typeof namesOf>,
  young: ReturnType<typeof namesOf>,
): void {
  const asked = [...young.read].filter((column) => !old.read.has(column));
  const refused = [...old.read].filter((column) => !young.taken.has(column));
  if (asked.length + refused.length === 0) return;
  const words = [
    ...(asked.length > 0 ? [`asks for ${asked.join(', ')}`] : []),
    ...(refused.length > 0 ? [`does not take ${refused.join(', ')}`] : []),
  ];
  throw new InputError(
    `${name}: version ${challenger} ${words.join(' and ')}, other than the champion: the rows that callers send would be refused. Give it a name of its own, or use "models promote" once callers send other rows.`,
  );
}
