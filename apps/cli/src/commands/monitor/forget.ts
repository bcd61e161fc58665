import { InputError } from '#kit';
import { openStore } from '#monitoring';
import type { CommandContext } from '../../command-context.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface ForgetOptions {
  readonly externalId?: boolean;
}

/** Erases kept predictions, by their ids or by the caller's ids. */
export async function forget(
  { config, print }: CommandContext,
  names: readonly string[],
  { externalId = false }: ForgetOptions,
): Promise<void> {
  const wrong = externalId ? undefined : names.find((name) => !UUID.test(name.toLowerCase()));
  if (wrong !== undefined)
    throw new InputError(
      `"${wrong}" is not a prediction_id such as 019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11; if it is an id of the caller, add --external-id.`,
    );
  const store = await openStore(config.monitor);
  try {
    const ids = externalId
      ? [...(await store.byExternalId(names)).values()].flat()
      : [...new Set(names.map((name) => name.toLowerCase()))];
    const forgotten = ids.length === 0 ? 0 : await store.forget(ids);
    print({ forgotten }, () => console.log(`${forgotten} ${forgotten === 1 ? 'prediction' : 'predictions'} erased.`));
  } finally {
    await store.close();
  }
}
