import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { join } from 'node:path';
import { readRegularFile, type UnreadableFileError, writeFile } from '#kit';
import { TEXT_BYTES } from './bundle.js';
import { BundleError } from './bundle.error.js';

/** Name of the file that holds a version's signature. */
export const SIGNATURE = 'manifest.sig';
const SIGNATURE_BYTES = 64;
/** Larger than any signature in base64 with blanks. */
const SIGNATURE_FILE_BYTES = 4_096;

/** @throws Error when the PEM text holds no Ed25519 key */
function ed25519(read: (pem: string) => KeyObject, pem: string, source: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read(pem);
  } catch {
    // Node's message about an unreadable private key must not get out.
  }
  if (key?.asymmetricKeyType !== 'ed25519') {
    throw new Error(
      `${source} is not an Ed25519 key in PEM form; create one with "openssl genpkey -algorithm ed25519"`,
    );
  }
  return key;
}

/** @param source names the key in an error @throws Error when it is no Ed25519 public key */
export const readPublicKey = (pem: string, source: string): KeyObject => ed25519(createPublicKey, pem, source);

/** @param source names the key in an error @throws Error when it is no Ed25519 private key */
export const readPrivateKey = (pem: string, source: string): KeyObject => ed25519(createPrivateKey, pem, source);

/**
 * Signs a version: Ed25519 (RFC 8032) over the bytes of `manifest.json`, which holds the hash of every other file, the
 * name and the version. The signature is written to `manifest.sig`, in base64.
 *
 * @returns the path of the signature
 */
export async function signBundle(directory: string, privateKey: KeyObject): Promise<string> {
  const signature = sign(null, await readRegularFile(join(directory, 'manifest.json'), TEXT_BYTES), privateKey);
  const path = join(directory, SIGNATURE);
  await writeFile(path, `${signature.toString('base64')}\n`);
  return path;
}

/**
 * @param manifest the bytes that will be used: reading the file again could give others
 * @throws BundleError when there is no signature, or it does not match these bytes and this key
 */
export async function verifySignature(directory: string, manifest: Buffer, publicKey: KeyObject): Promise<void> {
  const path = join(directory, SIGNATURE);
  const remedy = 'If you trust this version, sign it: npx skewless models sign <model> <version> --key <file>';
  const text = await readRegularFile(path, SIGNATURE_FILE_BYTES).catch(({ code, problem }: UnreadableFileError) => {
    throw new BundleError(
      path,
      code === 'ENOENT' ? `${problem}, but models.publicKey (MODELS_PUBLIC_KEY) requires it` : problem,
      remedy,
    );
  });
  const signature = Buffer.from(text.toString().trim(), 'base64');
  if (signature.length !== SIGNATURE_BYTES || !verify(null, manifest, publicKey, signature)) {
    throw new BundleError(
      path,
      'is not a signature of this manifest by the key of models.publicKey (MODELS_PUBLIC_KEY)',
      remedy,
    );
  }
}
