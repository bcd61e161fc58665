import { InputError, PLAIN_NAME } from '#kit';

/** @throws InputError when it is no valid model name */
export function checkModelName(name: string): void {
  if (PLAIN_NAME.test(name)) return;
  throw new InputError(`--name is "${name}"; use letters, digits, ".", "_" and "-".`);
}
