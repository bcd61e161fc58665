import type { Readable } from 'node:stream';
import { BundleError, TEXT_BYTES } from '#bundle';
import { paced } from './paced.js';

/** A folder that lies elsewhere. */
export interface RemoteFolder {
  /** Where a file of it lies, as messages may show it. @param path relative to the folder */
  locate(path: string): string;
  /**
   * @returns `undefined` where there is no such file
   * @throws BundleError when it cannot be read
   */
  read(path: string): Promise<Readable | undefined>;
  /** Lets go of its connections. */
  close?(): void;
}

export function missing(location: string): BundleError {
  return new BundleError(
    location,
    'does not exist',
    'Put it there, or correct its name (of a server, models.source: MODELS_SOURCE)',
  );
}

/**
 * Reads a whole file into memory.
 *
 * @throws BundleError when it is larger than it may be, or comes too slowly
 */
export async function readWhole(
  folder: RemoteFolder,
  path: string,
  limitBytes = TEXT_BYTES,
): Promise<Buffer | undefined> {
  const stream = await folder.read(path);
  return stream && readStream(stream, folder.locate(path), limitBytes);
}

/** As {@link readWhole}, of a transfer that has begun. @param location what to call it in an error */
export async function readStream(stream: Readable, location: string, limitBytes = TEXT_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of paced(stream)) {
      bytes += chunk.length;
      if (bytes > limitBytes) throw new BundleError(location, `is over ${limitBytes} bytes`, 'Look at what lies there');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw broken(location, error);
  }
  return Buffer.concat(chunks, bytes);
}

/** A transfer that ended early. `fetch` says only "terminated"; its cause says why. */
export function broken(location: string, error: unknown): BundleError {
  const { message, cause } = error as Error & { cause?: Error & { code?: string } };
  const reason = cause ? cause.message || (cause.code ?? message) : message;
  return new BundleError(
    location,
    `could not be read (${reason})`,
    'It is tried again; look at the network and the host',
  );
}
