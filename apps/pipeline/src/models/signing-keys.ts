import type { KeyObject } from 'node:crypto';
import type { PipelineConfig } from '#config';
import { readPrivateKey, readPublicKey } from '#registry';
import { readText } from '../import/read-input.js';
import { InputError } from '../input.error.js';
import { ofSetting } from '../of-setting.js';

/** The key whose signature servers ask for; none where `models.publicKey` is not set. @throws InputError */
export async function publicKeyOf({ publicKey }: PipelineConfig['models']): Promise<KeyObject | undefined> {
  if (publicKey === undefined) return undefined;
  return ofSetting('models.publicKey (MODELS_PUBLIC_KEY)', () => readKey(readPublicKey, publicKey));
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
