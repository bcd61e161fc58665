import { createHash, randomBytes } from 'node:crypto';
import { isScope, type Scope, SCOPES } from '../../routes/scope.js';
import type { Caller } from '../caller.js';

const KEY_BYTES = 32;
const LINE = /^([\w.-]{1,64}):([a-z,]+):([0-9a-f]{64})$/;
const FORM = 'id:scope[,scope]:sha256, the hash in lower-case hexadecimal';

/** A key as the server stores it: the hash cannot be used as a key. */
export interface ApiKey extends Caller {
  /** SHA-256 of the key. */
  readonly hash: Buffer;
}

/** SHA-256, not a slow hash: keys are 256 random bits, so guessing is hopeless, and every request must be checked. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Creates a key, which is shown once, and the line that makes a server accept it. */
export function generateKey(id: string, scopes: readonly Scope[]): { key: string; line: string } {
  const key = `skl_${randomBytes(KEY_BYTES).toString('base64url')}`;
  return { key, line: `${id}:${scopes.join(',')}:${hashKey(key).toString('hex')}` };
}

/**
 * Reads keys, one per line or separated by blanks; lines that begin with # are comments.
 *
 * @param fault receives the line number of an invalid key, never its text, which may be a real key by mistake
 */
export function parseKeys(text: string, source: string, fault: (what: string) => void): ApiKey[] {
  return text.split('\n').flatMap((line, i) =>
    line.trimStart().startsWith('#')
      ? []
      : line
          .split(/\s+/)
          .filter((entry) => entry !== '')
          .flatMap((entry) => parseKey(entry, `${source}, line ${i + 1}`, fault)),
  );
}

function parseKey(entry: string, where: string, fault: (what: string) => void): ApiKey[] {
  const [, id, scopes, hash] = LINE.exec(entry) ?? [];
  const named = id ? scopes.split(',') : [];
  if (!id) fault(`${where}: is not a key; expected ${FORM}, as "npm run keys -- create" prints it`);
  else if (!named.every(isScope)) fault(`${where}: names an unknown scope; the scopes are ${SCOPES.join(', ')}`);
  else return [{ id, scopes: new Set(named), hash: Buffer.from(hash, 'hex') }];
  return [];
}
