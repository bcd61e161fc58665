import { InputError } from './input.error.js';
import { UserError } from './user.error.js';

/**
 * Prefixes the setting's key to errors about its value or about the file that it names.
 *
 * @param setting its key in config/config.yaml
 * @throws InputError in place of a UserError
 */
export async function namingSetting<T>(setting: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfUser = error instanceof InputError ? !error.stopped : error instanceof UserError;
    throw isOfUser ? new InputError(`${setting}: ${(error as Error).message}`) : error;
  }
}
