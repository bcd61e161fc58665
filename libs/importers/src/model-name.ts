import { InputError } from '#kit';

/** As in manifest.schema.json; the name becomes a folder name. */
const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** @throws InputError when it is no valid model name */
export function checkModelName(name: string): void {
  if (MODEL_NAME.test(name)) return;
  throw new InputError(`--name is "${name}"; letters, digits, ".", "_" and "-" make a model's name.`);
}
