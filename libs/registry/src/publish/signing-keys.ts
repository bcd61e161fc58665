import type { KeyObject } from 'node:crypto';
import { readPrivateKey, readPublicKey } from '#bundle';
import { InputError, namingSetting, readText } from '#kit';

/** Reads the public key that servers require, from a PEM file; undefined where it is not given. @throws InputError */
export async function publicKeyOf({ publicKey }: { readonly publicKey?: string }): Promise<KeyObject | undefined> {
  if (publicKey === undefined) return undefined;
  return namingSetting('models.publicKey (MODELS_PUBLIC_KEY)', () => readKey(readPublicKey, publicKey));
}

/** @throws InputError */
export const privateKeyIn = (file: string): Promise<KeyObject> => readKey(readPrivateKey, file);

async function readKey(read: typeof readPublicKey, file: string): Promise<KeyObject> {
  const pem = await readText(file);
  try {
    return read(pem, file);
  } catch (error) {
    throw new InputError(`${(error as Error).message}.`);
  }
}
