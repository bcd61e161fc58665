import { InputError } from '#kit';
import { isDatabase, moveStore, openStore, storeName } from '#monitoring';
import type { CommandContext } from '../../command-context.js';

/** Copies the embedded store into a database. */
export async function move({ config, print }: CommandContext, to: string): Promise<void> {
  const { store } = config.monitor;
  if (isDatabase(store))
    throw new InputError(`monitor.store is already a database; name the folder to copy: --set monitor.store=<folder>.`);
  if (!isDatabase(to))
    throw new InputError(`--to ${to} is not the URL of a PostgreSQL database, such as postgres://user@host/database.`);
  const name = await storeName(store);
  const source = await openStore(config.monitor);
  const target = await openStore({ ...config.monitor, store: to });
  try {
    const moved = await moveStore(source, target, name).catch((error: NodeJS.ErrnoException) => {
      throw isRefusal(error)
        ? new InputError(`--to: the database cannot be used: ${error.message || error.code}.`)
        : error;
    });
    print(moved, () => {
      const { predictions, labels, counts, events } = moved;
      console.log(`Copied ${predictions} predictions, ${labels} labels, ${counts} counts and ${events} events.`);
    });
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

/** Whether an error comes from the database (SQLSTATE, five characters) or from the network (a system error). */
const isRefusal = ({ code, message }: NodeJS.ErrnoException): boolean =>
  /^([0-9A-Z]{5}|E[A-Z_]+)$/.test(code ?? '') || /timeout|terminated/i.test(message);
