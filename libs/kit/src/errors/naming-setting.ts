import { InputError } from './input.error.js';
import { UserError } from './user.error.js';

/**
 * Names the setting that is to be changed where what it says, or the file that it names, cannot be used.
 *
 * @param setting its key in config/config.yaml
 * @throws InputError in place of a UserError, with the key before the sentence
 */
export async function namingSetting<T>(setting: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfUser = error instanceof InputError ? !error.stopped : error instanceof UserError;
    throw isOfUser ? new InputError(`${setting}: ${(error as Error).message}`) : error;
  }
}
