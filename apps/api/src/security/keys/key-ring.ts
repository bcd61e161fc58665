import { timingSafeEqual } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { Logger } from '@nestjs/common';
import { readRegularFileSync, UserError } from '#kit';
import { type ApiKey, hashKey, parseKeys } from './api-key.js';

export interface KeySources {
  /** Lines of hashed keys. */
  readonly keys?: string;
  /** A file of such lines, read again when it changes. */
  readonly keysFile?: string;
}

/** Polling the modification time detects every kind of change: edits, renames, and the links that Kubernetes swaps. */
const POLL_MILLISECONDS = 1_000;
/** Enough for a hundred thousand keys. */
const FILE_BYTES = 16 * 1_024 * 1_024;

const OF_KEYS = 'security.keys (API_KEYS)';
const OF_FILE = 'security.keysFile (API_KEYS_FILE)';

/** The keys that are valid now. */
export class KeyRing {
  private readonly logger = new Logger(KeyRing.name);
  private readonly fixed: readonly ApiKey[];
  private fromFile: readonly ApiKey[] = [];

  /** @throws UserError if a source cannot be read, the sources hold no key, or a line in the environment is invalid */
  constructor({ keys = '', keysFile }: KeySources) {
    const faults: string[] = [];
    this.fixed = parseKeys(keys, OF_KEYS, (what) => {
      throw new UserError(what);
    });
    if (keysFile !== undefined) {
      this.fromFile = firstRead(keysFile, (what) => faults.push(what));
      if (this.size === 0 && faults.length > 0) throw new UserError(`${OF_FILE}: ${faults[0]}`);
      for (const what of faults) this.skip(what);
      watchFile(keysFile, { interval: POLL_MILLISECONDS, persistent: false }, () => this.reread(keysFile));
      this.close = () => unwatchFile(keysFile);
    }
    if (this.size === 0)
      throw new UserError(
        `${keysFile === undefined ? OF_KEYS : `${OF_FILE}: ${keysFile}`} holds no key; create one with "npm run keys -- create"`,
      );
  }

  /** Stops polling the file. */
  readonly close: () => void = () => undefined;

  get size(): number {
    return this.fixed.length + this.fromFile.length;
  }

  /** Compares with every key in constant time, so that timing reveals nothing about them. */
  find(presented: string): ApiKey | undefined {
    const hash = hashKey(presented);
    let found: ApiKey | undefined;
    for (const keys of [this.fixed, this.fromFile]) {
      for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
    }
    return found;
  }

  private readonly skip = (what: string): void =>
    this.logger.error(`${what}. The line is ignored; the others are used`);

  /** An unreadable file changes nothing; an invalid line does not affect the other lines. */
  private reread(keysFile: string): void {
    try {
      this.fromFile = readKeys(keysFile, this.skip);
      this.logger.log(`${keysFile} was reloaded: ${this.fromFile.length} keys`);
    } catch (error) {
      this.logger.error(`${(error as Error).message}. The keys that were read before remain valid`);
    }
  }
}

/** At boot, a fault of the file is reported as a fault of the setting. */
function firstRead(path: string, fault: (what: string) => void): ApiKey[] {
  try {
    return readKeys(path, fault);
  } catch (error) {
    throw new UserError(`${OF_FILE}: ${(error as Error).message}`);
  }
}

function readKeys(path: string, fault: (what: string) => void): ApiKey[] {
  return parseKeys(readRegularFileSync(path, FILE_BYTES).toString(), path, fault);
}
