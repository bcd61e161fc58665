import type { Readable } from 'node:stream';
import { BundleError, TEXT_BYTES } from '#bundle';
import { paced } from './paced.js';

/** A remote folder. */
export interface RemoteFolder {
  /** The location of a file, safe to show in messages. @param path relative to the folder */
  locate(path: string): string;
  /**
   * @returns `undefined` where there is no such file
   * @throws BundleError when it cannot be read
   */
  read(path: string): Promise<Readable | undefined>;
  /** Closes its connections. */
  close?(): void;
}

export function missing(location: string): BundleError {
  return new BundleError(
    location,
    'does not exist',
    'Create it, or correct the name (for a server: models.source, MODELS_SOURCE)',
  );
}

/**
 * Reads a whole file into memory.
 *
 * @throws BundleError when it is too large or too slow
 */
export async function readWhole(
  folder: RemoteFolder,
  path: string,
  limitBytes = TEXT_BYTES,
): Promise<Buffer | undefined> {
  const stream = await folder.read(path);
  return stream && readStream(stream, folder.locate(path), limitBytes);
}

/** As {@link readWhole}, for an open stream. @param location names it in an error */
export async function readStream(stream: Readable, location: string, limitBytes = TEXT_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of paced(stream)) {
      bytes += chunk.length;
      if (bytes > limitBytes) throw new BundleError(location, `is over ${limitBytes} bytes`, 'Check the file');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw broken(location, error);
  }
  return Buffer.concat(chunks, bytes);
}

/** The error for a transfer that ended early. `fetch` only says "terminated"; the cause has the reason. */
export function broken(location: string, error: unknown): BundleError {
  const { message, cause } = error as Error & { cause?: Error & { code?: string } };
  const reason = cause ? cause.message || (cause.code ?? message) : message;
  return new BundleError(location, `could not be read (${reason})`, 'It is retried; check the network and the host');
}
